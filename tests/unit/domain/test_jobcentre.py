"""The 98 kommuner."""

from hub.domain.jobcentre import KOMMUNER, kendt_kommune


def test_there_are_98_kommuner_each_with_a_centre_of_its_own_kommune() -> None:
    """Every kommune has a name, a three-digit code and a five-digit default centre; Christiansø is none."""
    assert len(KOMMUNER) == 98
    assert all(len(kode) == 3 and len(k.jobCenterKode) == 5 and kendt_kommune(k.jobCenterKode) for kode, k in KOMMUNER.items())
    assert (KOMMUNER["101"].navn, KOMMUNER["860"].navn, "411" in KOMMUNER) == ("København", "Hjørring", False)


def test_an_unknown_centre_of_a_known_kommune_is_known_enough() -> None:
    """Sub-centres appear without notice."""
    assert kendt_kommune("10142")
    assert not kendt_kommune("00000")
