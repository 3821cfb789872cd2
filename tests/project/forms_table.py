"""Writes docs/forms.md from the built-in forms (`python -m tests.project.forms_table`); a test holds it to them."""

from __future__ import annotations

from pathlib import Path

from safetyapp.domain.form import Form, Severity
from safetyapp.domain.schedule import Doer, DueRule, Period
from safetyapp.forms.read_yaml import read_form

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "forms.md"

_PERIODS = {
    Period.SCHOOL_DAY: ("每个教学日", "every school day"),
    Period.DAY: ("每天", "every day"),
    Period.WEEK: ("每周", "every week"),
    Period.MONTH: ("每月", "every month"),
    Period.TEACHING_MONTH: ("每个教学月", "every teaching month"),
    Period.QUARTER: ("每季度", "every quarter"),
    Period.TERM: ("每学期", "every term"),
    Period.HALF_YEAR: ("每半年", "every half year"),
    Period.YEAR: ("每年", "every year"),
}


def forms() -> list[Form]:
    """The built-in forms by id."""
    return [read_form(path) for path in sorted((ROOT / "forms").glob("*.yaml"))]


def page() -> str:
    """The whole page."""
    built_in = forms()
    rows = [_row(form) for form in built_in]
    total = [str(sum(int(row[n]) for row in rows)) for n in range(1, 7)]
    heads = (
        "检查表 form",
        "项 items",
        "已核条款 verified",
        "待核条款 待核",
        "只写名称 by name",
        "重大判定 major",
        "重大候选 candidate",
    )
    lines = [
        "# 内置检查表 Built-in forms",
        "",
        "这一页由 `python -m tests.project.forms_table` 从 `forms/*.yaml` 生成。",
        "This page is made from `forms/*.yaml`.",
        "",
        "已核：条号在正式文本或可靠转载里读到过；待核：条号没有读到，打印时带“（待核）”；只写名称：引用文件而不写条号。",
        "重大判定：默认等级为重大，并写明判定条款；重大候选：由检查人员和复核人判断。",
        "Verified: the number of the clause has been read; 待核: it has not, and prints with that mark; by name: the "
        "document is cited without a clause. Major: the level rests on a named criterion; candidate: somebody decides.",
        "",
        _line(heads),
        "|---|---:|---:|---:|---:|---:|---:|",
        *(_line(row) for row in rows),
        _line(("合计 total", *total)),
        "",
        "## 多久做一次 How often",
        "",
        "| 检查表 form | 谁 by | 频次 how often | 做什么 what | 依据 basis |",
        "|---|---|---|---|---|",
        *(_line(_due(form, rule)) for form in built_in for rule in form.due),
        "",
    ]
    return "\n".join(lines)


def _row(form: Form) -> tuple[str, ...]:
    bases = [basis for item in form.every_item() for basis in item.basis]
    live = [basis for basis in bases if form.cite(basis)]
    items = list(form.every_item())
    counts = (
        sum(1 for _ in form.asked()),
        sum(1 for b in live if b.clause and b.verified),
        sum(1 for b in live if b.clause and not b.verified),
        sum(1 for b in live if not b.clause),
        sum(1 for item in items if item.severity is Severity.MAJOR and item.criterion is not None),
        sum(1 for item in items if item.candidate.zh),
    )
    return (f"{form.title.zh} {form.title.en} (`{form.id}` v{form.version})", *(str(count) for count in counts))


def _due(form: Form, rule: DueRule) -> tuple[str, ...]:
    doer = "学校 school" if rule.by is Doer.SCHOOL else "区级 district"
    if rule.every.period is None:
        often = f"间隔不超过 {rule.every.days} 天 at most {rule.every.days} days apart"
    else:
        zh, en = _PERIODS[rule.every.period]
        before = ("（开学前）", ", before it opens") if rule.every.opening else ("", "")
        often = f"{zh} {rule.every.count} 次{before[0]} {rule.every.count}× {en}{before[1]}"
    basis = "；".join(form.cite(b) for b in rule.basis)
    return (
        form.title.zh,
        doer,
        often,
        rule.what.zh,
        ("建议 recommended" if rule.recommended else "") + (f" {basis}" if basis else ""),
    )


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.strip().replace("|", "/") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
