"""Files: uploaded, read, downloaded."""

from contor.api.fynn.kit import route
from contor.api.fynn.manners import MediaShown
from contor.api.fynn.media import files
from contor.api.route import Route
from contor.expenses.folders import FILED_PAPERS
from contor.kernel.files import FileContent

_ONE = "/media/{id}"

ROUTES: list[Route] = [
    route(
        "GET",
        "/media",
        files.list_media,
        permission="media:read",
        id="getMediaObjects",
        about="media",
        filterable=FILED_PAPERS.search,
        sought=files.SOUGHT,
        output=MediaShown,
    ),
    route("POST", "/media", files.upload, permission="media:write", id="uploadMedia", about="media", upload="file"),
    route("GET", _ONE, files.get_media, permission="media:read", id="getMedia", about="media"),
    route("DELETE", _ONE, files.delete_media, permission="media:write", id="deleteMedia", about="media"),
    route(
        "GET", f"{_ONE}/download", files.download, permission="media:read", id="downloadMedia", about="media", output=FileContent
    ),
]
