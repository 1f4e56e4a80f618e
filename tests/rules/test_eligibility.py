import pytest

from processes.rules.eligibility import Applicant, EligibilityRules, PracticalClaim, eligibility

WILLING = {"volunteers": True, "duty_commitment": True, "employer_consent": True}
GENERAL = {"title_level": "副高级", "planner_cert": "注册城乡规划师"}
CLAIM = PracticalClaim("规" * 50, 1, 1)


@pytest.mark.parametrize(
    ("said", "result", "route", "missing"),
    [
        ({**WILLING, **GENERAL}, "MEETS_GENERAL", "A", ()),
        ({**WILLING, **GENERAL, "planner_cert": "注册城市规划师"}, "MEETS_GENERAL", "A", ()),
        ({**WILLING, **GENERAL, "practical": CLAIM}, "MEETS_GENERAL", "A", ()),
        ({**WILLING, **GENERAL, "title_level": "中级"}, "NOT_ELIGIBLE", None, ("title_level",)),
        ({**WILLING, **GENERAL, "planner_cert": None}, "NOT_ELIGIBLE", None, ("planner_cert",)),
        (WILLING, "NOT_ELIGIBLE", None, ("title_level", "planner_cert")),
        ({**WILLING, "practical": CLAIM}, "NEEDS_RECOGNITION", "B", ()),
        (
            {**WILLING, "practical": PracticalClaim("规" * 49, 1, 1)},
            "INCOMPLETE",
            "B",
            ("practical_reasons",),
        ),
        (
            {**WILLING, "practical": PracticalClaim("\u3000" + "规" * 49 + " \n", 1, 1)},
            "INCOMPLETE",
            "B",
            ("practical_reasons",),
        ),
        (
            {"volunteers": True, "practical": PracticalClaim()},
            "INCOMPLETE",
            "B",
            (
                "duty_commitment",
                "employer_consent",
                "practical_reasons",
                "experience_evidence",
                "influence_evidence",
            ),
        ),
        ({**WILLING, **GENERAL, "duty_commitment": False}, "INCOMPLETE", "A", ("duty_commitment",)),
        ({**WILLING, **GENERAL, "volunteers": False}, "NOT_ELIGIBLE", None, ("volunteers",)),
        ({**GENERAL, "discipline_record": True}, "NOT_ELIGIBLE", None, ("discipline_record",)),
        ({**GENERAL, "prior_dismissal_item": 5}, "NOT_ELIGIBLE", None, ("prior_dismissal_item_5",)),
    ],
)
def test_an_application_is_checked_in_the_order_of_the_article(said, result, route, missing):
    found = eligibility(Applicant(**said))
    assert (found.result, found.route, found.missing) == (result, route, missing)
    assert found.ground.article.startswith("第四条")


@pytest.mark.parametrize(
    ("item", "result", "flags"),
    [
        (None, "MEETS_GENERAL", ()),
        (1, "MEETS_GENERAL", ()),
        (2, "NEEDS_RECOGNITION", ("PRIOR_DISMISSAL",)),
        (3, "NEEDS_RECOGNITION", ("PRIOR_DISMISSAL",)),
        (4, "NEEDS_RECOGNITION", ("PRIOR_DISMISSAL",)),
        (5, "NOT_ELIGIBLE", ()),
    ],
)
def test_a_former_dismissal_weighs_by_its_ground(item, result, flags):
    found = eligibility(Applicant(**WILLING, **GENERAL, prior_dismissal_item=item))
    assert (found.result, found.flags) == (result, flags)


def test_a_flag_does_not_hide_that_papers_are_missing():
    said = {**WILLING, **GENERAL, "employer_consent": False}
    found = eligibility(Applicant(**said, prior_dismissal_item=2))
    assert (found.result, found.missing, found.flags) == ("INCOMPLETE", ("employer_consent",), ("PRIOR_DISMISSAL",))


def test_a_dismissal_on_no_known_item_is_refused():
    with pytest.raises(ValueError, match="no item 6"):
        eligibility(Applicant(prior_dismissal_item=6))


def test_the_bureaus_may_accept_another_certificate_and_waive_consent():
    rules = EligibilityRules(accepted_certs=("国土空间规划师",), employer_consent_needed=False)
    said = {**WILLING, "employer_consent": False, "title_level": "正高级", "planner_cert": "国土空间规划师"}
    assert eligibility(Applicant(**said), rules).result == "MEETS_GENERAL"
