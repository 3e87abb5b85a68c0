"""Acts changed by another act's event, and moves: what a jobcentre's copy needs so as not to go stale."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hub.domain import haendelser as h
from hub.domain.foldning import KanIkkeFoldes
from hub.notifications.udkast import ANTAL_BANER, bane

FOER_FORLAENGELSEN, I_FORLAENGELSEN, FOER_ALT = date(2025, 5, 15), date(2025, 8, 15), date(2024, 12, 1)


def test_a_termination_tells_of_the_grant_it_cuts_and_the_extension_it_annuls(forloeb, kort):
    """First the termination itself, then the grant cut short and the extension annulled, in the order they were registered."""
    sag = forloeb("Loentilskud").forlaenget()
    assert kort(sag.sker("oph", h.OphoerRegistreret(FOER_FORLAENGELSEN))) == ["10100 oph/O 9106 ny", "10100 bev/B 9104", "10100 for/F 9105"]


def test_R_2_2_acts_that_change_are_told_in_the_order_they_were_registered(forloeb, kort):
    """An extension that was applied for first and granted last comes before the one granted in between."""
    sag = forloeb("Loentilskud").bevilget()
    sag.sker("f1", h.ForlaengelseAnsoegt(date(2025, 12, 31)))
    sag.sker("f2", h.ForlaengelseBevilget(date(2025, 7, 1), date(2025, 9, 30)))
    sag.sker("f1", h.ForlaengelseBevilget(date(2025, 10, 1), date(2025, 12, 31)))
    fortalt = kort(sag.sker("oph", h.OphoerRegistreret(FOER_FORLAENGELSEN)))
    assert fortalt == ["10100 oph/O 9106 ny", "10100 bev/B 9104", "10100 f1/F 9105", "10100 f2/F 9105"]


def test_a_termination_tells_only_of_what_it_changes(forloeb, kort):
    """A stop within the extension cuts the extension and leaves the grant, which had run out, untold."""
    sag = forloeb("Loentilskud").forlaenget()
    assert kort(sag.sker("oph", h.OphoerRegistreret(I_FORLAENGELSEN))) == ["10100 oph/O 9106 ny", "10100 for/F 9105"]


def test_a_corrected_termination_tells_of_what_comes_back(forloeb, kort):
    """Moving the stop date past the grant's end brings the grant whole and the extension back."""
    sag = forloeb("Loentilskud").forlaenget()
    sag.sker("oph", h.OphoerRegistreret(FOER_FORLAENGELSEN))
    assert kort(sag.sker("oph", h.OphoerRettet(I_FORLAENGELSEN))) == ["10100 oph/O 9106", "10100 bev/B 9104", "10100 for/F 9105"]
    assert kort(sag.sker("oph", h.OphoerRettet(I_FORLAENGELSEN, modtagetStoetteSeneste12Mdr="1"))) == ["10100 oph/O 9106"]


def test_a_withdrawn_termination_brings_both_back(forloeb, kort):
    """Withdrawing tells of the grant and the extension that are in force again."""
    sag = forloeb("Loentilskud").forlaenget()
    sag.sker("oph", h.OphoerRegistreret(FOER_ALT))
    assert kort(sag.sker("oph", h.OphoerTilbagekaldt())) == ["10100 oph/O 9106", "10100 bev/B 9104", "10100 for/F 9105"]


def test_a_refused_grant_tells_of_its_extension(forloeb, kort):
    """From BevillingAfvist an extension has no period in force, so it is told; another grant's acts are not."""
    sag = forloeb("Loentilskud").forlaenget()
    assert kort(sag.sker("bev", h.BevillingAfvist("Virksomhed"))) == ["10100 bev/B 9104", "10100 for/F 9105"]
    assert kort(sag.sker("ny", h.BevillingUdstedt(date(2025, 3, 1), None))) == ["10100 ny/B 9104 ny"]


def test_a_move_tells_the_giver_of_the_main_act_and_the_receiver_of_every_act(forloeb, kort):
    """The giver's one message comes first; each of the receiver's waits for it; all later ones go to the new owner."""
    sag = forloeb("Loentilskud").forlaenget()
    sag.sker("oph", h.OphoerRegistreret(FOER_FORLAENGELSEN))
    giver, *modtager = sag.flyttet("75100")
    assert kort([giver]) == ["10100 bev/B 9104"]
    assert kort(modtager) == ["75100 ans/A 9101 ny", "75100 bev/B 9104 ny", "75100 for/F 9105 ny", "75100 oph/O 9106 ny"]
    assert giver.venterPaa is None
    assert {m.venterPaa for m in modtager} == {giver.id}
    assert {b.jobCenterKode for b in sag.sker("oph", h.OphoerTilbagekaldt())} == {"75100"}


def test_a_fleksjob_that_moves_brings_what_a_getmetode_shows(forloeb, kort):
    """The assessment and the termination have no GetMetode: the application and the grants carry them."""
    sag = forloeb("Fleksjob").bevilget(None)
    sag.sker("vur", h.VurderingAfgjort("40"))
    sag.sker("oph", h.OphoerRegistreret(FOER_FORLAENGELSEN))
    assert kort(sag.flyttet("75100")) == ["10100 bev/B 9104", "75100 ans/A 9101 ny", "75100 bev/B 9104 ny"]


def test_an_unsigned_application_that_moves_is_announced_when_it_is_signed(forloeb, kort):
    """A draft was never announced: the move tells the receiver nothing, the completing signature creates it there."""
    sag = forloeb("Loentilskud")
    assert kort(sag.flyttet("75100")) == ["10100 ans/A 9101"]
    assert kort(sag.sker("ans", h.AnsoegningUnderskrevet("Arbejdsgiver"))) == ["75100 ans/A 9101 ny"]


def test_there_and_back_each_move_waits_for_its_own_giver(forloeb):
    """A case that returns is told to its first owner again, after the second owner's last word; no id is used twice."""
    sag = forloeb("Loentilskud").bevilget()
    ud, hjem = sag.flyttet("75100"), sag.flyttet("10100")
    assert [u.jobCenterKode for u in hjem] == ["75100", "10100", "10100"]
    assert {u.venterPaa for u in hjem[1:]} == {hjem[0].id} != {ud[0].id}
    assert len({u.id for u in sag.alle}) == len(sag.alle)


def test_R_2_2_a_message_says_the_status_of_the_grant_that_it_names(forloeb, kort):
    """A refused grant that moves with the case is 9305, its extension turned down later too, the new grant and the application 9301."""
    sag = forloeb("Loentilskud").bevilget()
    sag.sker("for", h.ForlaengelseAnsoegt(date(2025, 9, 30)))
    sag.sker("bev", h.BevillingAfvist("Virksomhed"))
    sag.sker("ny", h.BevillingUdstedt(date(2025, 3, 1), None))
    assert [u.bevillingsstatus for u in sag.sker("for", h.ForlaengelseAfslaaet())] == [9305]
    statusser = {(u.jobCenterKode, u.eksternIdentifier): u.bevillingsstatus for u in sag.flyttet("75100")}
    modtagers = {("75100", akt): kode for akt, kode in (("ans", 9301), ("bev", 9305), ("for", 9305), ("ny", 9301))}
    assert statusser == {("10100", "ny"): 9301, **modtagers}


def test_a_move_to_its_own_jobcentre_waits_for_nothing(forloeb, kort):
    """A move that moves nothing tells the owner once, and never waits for itself."""
    beskeder = forloeb("Loentilskud").bevilget().flyttet("10100")
    assert kort(beskeder) == ["10100 bev/B 9104"]
    assert beskeder[0].venterPaa is None


def test_ids_and_lanes_never_change(forloeb):
    """An id is a fixed function of event, recipient, act and GetMetode; a lane of the jobcentre's code."""
    (besked,) = forloeb("Loentilskud").underskrevet().alle
    assert besked.id == "18a5afa0-5aac-54b3-a046-4873e740ae78" and UUID(besked.id).version == 5
    assert [bane(kode) for kode in ("10100", "75100", "85100")] == [2, 0, 1]
    assert {bane(f"{n}00") for n in range(101, 861)} == set(range(ANTAL_BANER))


DAGE = st.dates(date(2024, 11, 1), date(2025, 12, 31))
AKTER = st.sampled_from(["bev", "b2", "f1", "f2", "o1", "o2"])
HAENDELSER = st.one_of(
    st.tuples(st.sampled_from(["bev", "b2"]), st.builds(h.BevillingUdstedt, DAGE, st.none() | DAGE)),
    st.tuples(AKTER, st.builds(h.ForlaengelseAnsoegt, DAGE) | st.builds(h.ForlaengelseBevilget, DAGE, DAGE)),
    st.tuples(AKTER, st.builds(h.OphoerRegistreret, DAGE) | st.builds(h.OphoerRettet, DAGE) | st.builds(h.OphoerTilbagekaldt)),
    st.tuples(AKTER, st.builds(h.BevillingAfvist, st.just("Virksomhed")) | st.builds(h.ForlaengelseAfslaaet)),
    st.tuples(st.just("ans"), st.builds(h.SagFlyttet, st.none(), st.sampled_from(["10100", "75100", "46100"]))),
)


@given(ordning=st.sampled_from(["Loentilskud", "Fleksjob"]), historie=st.lists(HAENDELSER, max_size=12))
def test_over_random_histories_each_act_is_told_once_and_only_to_the_owner(forloeb, ordning, historie):
    """Per event at most one message per (recipient, act, GetMetode), each waiting only for an earlier one, and none to a stranger."""
    sag = forloeb(ordning).underskrevet()
    for akt, data in historie:
        ejer = sag.sag.jobCenterKode
        try:
            nye = sag.flyttet(data.modtagendeJobCenterKode) if isinstance(data, h.SagFlyttet) else sag.sker(akt, data)
        except KanIkkeFoldes:
            continue
        noegler = [(u.jobCenterKode, u.eksternIdentifier, u.getMetode) for u in nye]
        assert len(noegler) == len(set(noegler))
        assert {u.jobCenterKode for u in nye} <= {ejer, sag.sag.jobCenterKode}
        assert all(u.venterPaa is None or u.venterPaa in [t.id for t in nye[:n]] for n, u in enumerate(nye))
    assert len({u.id for u in sag.alle}) == len(sag.alle)
