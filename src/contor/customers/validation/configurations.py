"""How a country's addresses are checked: by whom, and whether one that is not right is refused."""

from contor.customers.validation import tables
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields
from contor.runtime.resource import Resource, Written
from contor.runtime.uow import Uow


def _check(uow: Uow, row: Fields) -> None:
    problems = []
    country, ident = row.get("country"), row.get("config_ident")
    if row.get("provider") == "DIRECTORY":
        if country is None:
            problems.append(Problem("country_missing", "A list of places is of one country.", "country"))
        elif uow.scalar(int, "SELECT 1 FROM postal_directory WHERE country = %s", (country,)) is None:
            message = f"There is no list of places of {country}: put one to /v2/customers/address-validation/directories/{country}."
            problems.append(Problem("postal_directory_missing", message, "provider", "DIRECTORY"))
    if row.get("active"):
        sql = (
            "SELECT config_ident FROM address_validation_configuration"
            " WHERE active AND country IS NOT DISTINCT FROM %s AND config_ident IS DISTINCT FROM %s LIMIT 1"
        )
        if (found := uow.scalar(str, sql, (country, ident))) is not None:
            message = f"{found} is the configuration of {country or 'all other countries'} already; there is one."
            problems.append(Problem("address_validation_configuration_ambiguous", message, "country", country))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _alone(uow: Uow, row: Fields) -> None:
    uow.lock("address_validation", ["configurations"])  # two at once must not both be the only one of a country
    _check(uow, row)


CONFIGURATIONS = Resource(
    "address_validation_configuration",
    tables.address_validation_configuration,
    permission="customers",
    keys=("config_ident",),
    writable=("country", "provider", "mode", "active"),
    filterable=("config_ident", "country", "provider", "mode", "active"),
    before_create=_alone,
    before_update=_alone,
)


@operation("address_validation_configuration.put", permission="customers.write")
def put_configuration(uow: Uow, command: Written) -> object:
    """Make a configuration, or replace the one of this ident. Addresses are checked by it from now on; those that are there, when all
    are checked."""
    ident = command.body.config_ident
    if ident is None or CONFIGURATIONS.find(uow, (ident,), lock=True) is None:
        return CONFIGURATIONS.create(uow, command)
    said = {name: getattr(command.body, name) for name in CONFIGURATIONS.writable}
    return CONFIGURATIONS.update(uow, Written((ident,), CONFIGURATIONS.update_body.model_construct(**said, config_ident=ident)))
