"""A copy of the sources in which every package has one more file: what a guard says of it shows whether it looks everywhere."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

NAME = "planted"


def packages(src: Path) -> list[str]:
    """The packages below `contor`, by their names."""
    return sorted(path.name for path in src.iterdir() if (path / "__init__.py").is_file())


@contextmanager
def planted(src: Path, text: str, **further: str) -> Iterator[Path]:
    """The copy of `src` (the folder `contor`) with a file of this text in each package and, by their names, `further` ones. `{package}`
    stands for the package's name."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "src" / src.name
        shutil.copytree(src, copy, ignore=lambda _, names: [name for name in names if not name.endswith(".py") and "." in name])
        for package in packages(copy):
            for name, content in {NAME: text, **further}.items():
                (copy / package / f"{name}.py").write_text(content.format(package=package), encoding="utf-8")
        yield copy
