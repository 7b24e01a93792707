"""Where an accreditation counts: units of the EU's authority table `atu`, of which a member state lies in the Union."""

from typing import Final

from credentials.learning.vocabularies import countries

ATU: Final = "http://publications.europa.eu/resource/authority/atu/"
UNION: Final = frozenset({f"{ATU}EUR", f"{ATU}EU", "http://publications.europa.eu/resource/authority/country/EUR"})
MEMBERS: Final = frozenset(
    {
        "AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST",
        "FIN", "FRA", "GRC", "HRV", "HUN", "IRL", "ITA", "LTU", "LUX",
        "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
    }
)  # fmt: skip


def covers(above: str, below: str) -> bool:
    """Whether what counts in `above` counts in `below`: the same place, or a member state of the Union."""
    return above == below or (above in UNION and below.startswith(ATU) and below.removeprefix(ATU) in MEMBERS)


def name_of(place: str) -> str:
    """The place for people: the English name of a country, or the address where it is none."""
    if place in UNION:
        return "European Union"
    found = countries.find(place.removeprefix(ATU))
    return place if found is None else found.label


def of_country(code: str) -> str:
    """The unit of a country by its three letters, or of the Union (EU)."""
    return f"{ATU}{'EUR' if code.upper() == 'EU' else code.upper()}"
