"""The 37 switches: what the text leaves open, readings offered, the one taken until the bureaus decide (第十六条)."""

from __future__ import annotations

from collections.abc import Mapping

from processes.rules.switch_kinds import Choice, Entries, OneOf, Parts, PerKey, Span, Switch, Unit


def _one_of(*choices: tuple[str, str, str]) -> OneOf:
    return OneOf(tuple(Choice(*choice) for choice in choices))


_ABSENCE = (
    Switch(
        "absence.year_mode",
        "第十五条(三)",
        "“一年内”按哪一种年度计算？",
        "Which twelve months are meant by «within one year»?",
        _one_of(
            ("rolling12", "任意连续十二个月", "any twelve months in a row"),
            ("calendar", "自然年", "calendar year"),
            ("service", "聘期年", "year of service"),
        ),
        "rolling12",
    ),
    Switch(
        "absence.excused_mode",
        "第十五条(三)",
        "有正当理由的缺席是否打断“连续”？",
        "Does an absence with good reason end a run of absences?",
        _one_of(("break", "打断", "ends the run"), ("neutral", "不打断也不计入", "neither ends it nor counts")),
        "break",
    ),
    Switch(
        "absence.activity_scope",
        "第十五条(三)",
        "哪些活动计入缺席次数？",
        "Missing which activities is counted?",
        _one_of(
            ("consultation", "仅受邀的技术指导和咨询活动", "invited technical guidance and consultation alone"),
            ("with_meetings", "另计工作会议", "meetings of the city bureau as well"),
        ),
        "consultation",
    ),
    Switch(
        "absence.min_notice_wd",
        "第七条(三)",
        "邀请至少提前几个工作日送达，缺席才计次？",
        "How many working days before must an invitation go out for an absence to count?",
        Span(0, 10, Unit.WORKDAYS),
        3,
    ),
    Switch(
        "absence.auto_unexcused",
        "第十五条(三)",
        "逾期不说明缺席理由的，如何处理？",
        "What becomes of an absence that is not explained in time?",
        _one_of(
            ("pending", "待人工认定", "stays open until a person decides"),
            ("unexcused", "视为无正当理由", "counts as without good reason"),
        ),
        "pending",
    ),
)

_EXCELLENT = (
    Switch(
        "excellent.base",
        "第十四条",
        "“考核人数”包括哪些人？",
        "Of whom are the 30 % taken?",
        _one_of(
            ("graded", "确定等次的人员（含不称职）", "all who receive a grade, 不称职 included"),
            ("in_office", "全部参加考核人员", "all on the roll, graded or not"),
        ),
        "graded",
    ),
    Switch(
        "excellent.pool",
        "第十四条",
        "优秀名额全市统算还是分组计算？",
        "Is the ceiling one for the city or one for each group?",
        _one_of(("city", "全市统算", "one for the city"), ("groups", "分组计算", "one for each group")),
        "city",
    ),
    Switch(
        "excellent.rounding",
        "第十四条",
        "名额不是整数时如何取整？",
        "What becomes of a fraction in the ceiling?",
        _one_of(("floor", "舍去小数", "dropped")),
        "floor",
        locked=True,
    ),
    Switch(
        "excellent.require_visits",
        "第八条(六)、第十四条",
        "实地指导次数不足的，能否评为优秀？",
        "May a planner short of visits be graded 优秀?",
        _one_of(
            (
                "block_suggestion",
                "系统不建议，可由人提名并说明理由",
                "not suggested; people may nominate with a reason",
            ),
            ("allow", "不作限制", "no bar"),
        ),
        "block_suggestion",
    ),
)

_VISITS = (
    Switch(
        "visits.scope",
        "第八条(六)",
        "每年10次按人计算还是按区县计算？",
        "Are the ten visits owed by the person or to each district?",
        _one_of(("person", "按人合计", "by the person"), ("each_unit", "每个区县分别计算", "to each district")),
        "person",
    ),
    Switch(
        "visits.prorate",
        "第八条(六)",
        "在聘不满一年的，次数要求是否折算？",
        "Is the target smaller for part of a year?",
        _one_of(("prorate", "按在岗月折算并进位", "by months, rounded up"), ("full", "始终10次", "always ten")),
        "prorate",
    ),
    Switch(
        "visits.dedupe",
        "第八条(六)",
        "同日同区县的多条记录如何计次？",
        "How do several records of one day and district count?",
        _one_of(("date_unit", "合并为1次", "as one visit"), ("record", "每条计1次", "one each")),
        "date_unit",
    ),
    Switch(
        "visits.year",
        "第八条(六)",
        "“每年”按哪一种年度计算？",
        "Which year is meant by «each year»?",
        _one_of(("calendar", "自然年", "calendar year"), ("service", "聘期年", "year of service")),
        "calendar",
    ),
)

_APPRAISAL = (
    Switch(
        "appraisal.min_months",
        "第十四条",
        "当年在岗满几个月才确定等次？",
        "From how many months in service is a planner graded?",
        Span(0, 12, Unit.MONTHS),
        6,
    ),
    Switch(
        "appraisal.leave_half",
        "第十四条",
        "请假超过半年的，是否不确定等次？",
        "Is a planner on leave for more than half the year left ungraded?",
        _one_of(("on", "不确定等次", "left ungraded"), ("off", "照常确定等次", "graded all the same")),
        "on",
    ),
    Switch(
        "appraisal.weights",
        "第十四条",
        "次数、质量、实地、其他职责各占多少？",
        "How much do counts, quality, visits and other duties weigh?",
        Parts(("counts", "quality", "visits", "duties"), Span(0, 100, Unit.PERCENT), total=100),
        {"counts": 30, "quality": 40, "visits": 15, "duties": 15},
    ),
    Switch(
        "objection.window_wd",
        "第十四条",
        "提出异议和复核各有几个工作日？",
        "How many working days are there to object, and to review?",
        Parts(("objection", "review"), Span(0, 30, Unit.WORKDAYS)),
        {"objection": 10, "review": 20},
    ),
)

_TERM = (
    Switch("term.years", "第五条(三)", "聘期几年？", "How many years is a term?", Span(1, 5, Unit.YEARS), 3),
    Switch(
        "renewal.max_terms",
        "第五条(三)",
        "最多可任几个聘期？（0表示不限）",
        "How many terms may a planner serve? (0: no limit)",
        Span(0, 10, Unit.TERMS),
        0,
    ),
    Switch(
        "replacement.term",
        "第五条(三)",
        "接任者的聘期如何确定？",
        "How long does a successor serve?",
        _one_of(("rest", "前任剩余聘期", "for the rest of the term"), ("new", "重新起算", "for a term of their own")),
        "rest",
    ),
)

_SELECTION = (
    Switch(
        "reply.limit_wd",
        "第六条(四)",
        "区县政府复函时限几个工作日？",
        "How many working days has a district government to reply?",
        Span(5, 30, Unit.WORKDAYS),
        10,
    ),
    Switch(
        "reply.silence",
        "第六条(四)",
        "逾期未复函的如何处理？",
        "What if a district government does not reply?",
        _one_of(
            ("wait", "继续等待", "go on waiting"),
            ("manager_decides", "由领导说明理由后决定", "a manager decides and says why"),
            ("consent", "视为同意", "taken as consent"),
        ),
        "manager_decides",
    ),
    Switch(
        "district.objection",
        "第六条(四)",
        "区县政府不同意时如何处理？",
        "What weight has a district government's objection?",
        _one_of(
            ("veto", "不再聘任该人选", "a veto"), ("weigh", "研究后决定，优先另选", "weighed; another person first")
        ),
        "weigh",
    ),
    Switch(
        "employer.consent",
        "第四条、第五条(二)、第九条(四)",
        "报名是否须经所在单位同意？",
        "Must the employer agree to an application?",
        _one_of(("yes", "须经同意", "yes"), ("no", "不须", "no")),
        "yes",
    ),
    Switch(
        "eligibility.influence",
        "第四条(二)",
        "“有一定的影响力”约束哪条途径？",
        "Which route must show influence in the profession?",
        _one_of(
            (
                "practical_gate",
                "实践途径为门槛，一般途径作参考",
                "a gate for the practical route, judged for the general",
            ),
            ("both_gate", "两条途径均为门槛", "a gate for both"),
        ),
        "practical_gate",
    ),
    Switch(
        "eligibility.cert",
        "第四条(二)",
        "认可哪些注册规划师资格？",
        "Which planner's qualifications are accepted?",
        Entries(),
        ("注册城市规划师", "注册城乡规划师"),
    ),
    Switch(
        "redismissed",
        "第四条、第十五条",
        "曾被解聘的人再次报名，按解聘事由如何处理？",
        "How is the new application of a dismissed planner treated, by ground?",
        PerKey(
            ("1", "2", "3", "4", "5"),
            _one_of(
                ("free", "不设限制", "no bar"),
                ("flag", "提示并征求人社意见", "flagged, HR bureau asked"),
                ("refuse", "不予受理", "refused"),
            ),
        ),
        {"1": "free", "2": "flag", "3": "flag", "4": "flag", "5": "refuse"},
    ),
    Switch(
        "person.max_units",
        "第二条",
        "一人最多服务几个区县？（超过1个须各方同意）",
        "How many districts may one planner serve? (more than one with everyone's consent)",
        Span(1, 3, Unit.SERVICE_UNITS),
        1,
    ),
    Switch(
        "important_matters",
        "第十条",
        "哪些属于应征求市人力社保局意见的“重要事项”？",
        "Which matters must be put to the HR bureau?",
        Entries(),
        ("建议名单", "考核结果", "解聘", "续聘名单", "制度修订", "评分办法", "工作经费办法", "条文解释"),
    ),
)

_REPORTING = (
    Switch(
        "quarter.district_day",
        "第十二条",
        "区县季度报告于次月几日前报送？",
        "By which day after the quarter does a district report?",
        Span(1, 25, Unit.DAY_OF_MONTH),
        10,
    ),
    Switch(
        "quarter.city_day",
        "第十三条",
        "市局季度通报于次月几日前发出？",
        "By which day after the quarter does the city bureau notify?",
        Span(1, 28, Unit.DAY_OF_MONTH),
        20,
    ),
    Switch(
        "quarter.late_record",
        "第十二条",
        "报告报出后才录入的记录归入哪里？",
        "Where does a record go that is entered after its report was sent?",
        _one_of(
            ("supplement", "录入当季补报", "supplement of the quarter of entry"), ("reopen", "重开原报告", "reopen")
        ),
        "supplement",
    ),
)

_BENEFITS = (
    Switch(
        "ce_waiver.cumulative",
        "第十四条(一)",
        "继续教育学时每次申报减免一年，还是逐年累加？",
        "Is one year of training waived per application, or one for each year served?",
        _one_of(("once", "每次申报一年", "one per application"), ("each_year", "逐年累加", "one for each year")),
        "once",
    ),
    Switch(
        "benefits.zone_filter",
        "第十四条(一)(二)",
        "哪些区县的服务算“服务基层”？",
        "Service in which districts is service at the grass roots?",
        _one_of(("all", "全部区县", "every district"), ("outside_centre", "中心城区以外", "outside the centre")),
        "all",
    ),
    Switch(
        "three_years.gap",
        "第十四条(三)",
        "未确定等次的年度是否打断“连续三年”？",
        "Does an ungraded year break three years in a row?",
        _one_of(("breaks", "打断", "breaks"), ("skipped", "跳过", "passed over")),
        "breaks",
    ),
    Switch(
        "travel.own_survey",
        "第九条(五)",
        "自主调研的差旅费由谁承担？",
        "Who pays for a planner's own survey?",
        _one_of(
            (
                "district_if_confirmed",
                "经区县确认的由区县局，否则由工作经费",
                "the district if it confirmed, else the fund",
            ),
            ("fund", "一律由工作经费", "always the work fund"),
        ),
        "district_if_confirmed",
    ),
    Switch(
        "old_regime",
        "第十七条",
        "原办法（2014年）下的服务是否计入？",
        "Does service under the 2014 text count?",
        _one_of(("count", "计入", "counts"), ("not", "不计入", "does not count")),
        "not",
    ),
)

_ALL = (*_ABSENCE, *_EXCELLENT, *_VISITS, *_APPRAISAL, *_TERM, *_SELECTION, *_REPORTING, *_BENEFITS)

SWITCHES: Mapping[str, Switch] = {switch.code: switch for switch in _ALL}
"""Every switch by its code."""


def default_number(code: str) -> int:
    """The number a switch stands at until it is set."""
    value = SWITCHES[code].default
    if not isinstance(value, int):
        raise TypeError(f"{code} is not a number")
    return value


def default_choice(code: str) -> str:
    """The reading a switch stands at until it is set.

    >>> default_choice("absence.year_mode")
    'rolling12'
    """
    value = SWITCHES[code].default
    if not isinstance(value, str):
        raise TypeError(f"{code} is not one reading")
    return value


def default_on(code: str) -> bool:
    """Whether a yes/no switch stands at yes until it is set."""
    return default_choice(code) in {"yes", "on"}


def default_items(code: str) -> tuple[str, ...]:
    """The list a switch holds until it is set."""
    value = SWITCHES[code].default
    if not isinstance(value, tuple):
        raise TypeError(f"{code} is not a list")
    return value


def default_map(code: str) -> dict[str, str]:
    """The readings by key a switch holds until it is set."""
    value = SWITCHES[code].default
    if not isinstance(value, Mapping):
        raise TypeError(f"{code} has no keys")
    return {key: str(reading) for key, reading in value.items()}


def default_parts(code: str) -> dict[str, int]:
    """The numbers by part a switch holds until it is set.

    >>> default_parts("objection.window_wd")["review"]
    20
    """
    return {key: int(number) for key, number in default_map(code).items()}
