"""What official papers say, their annex, how their titles break, and that they can be sealed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pikepdf.pdfa
import pytest

from safetyapp.documents.archive import Describing, make_archive
from safetyapp.documents.official_title import break_title
from safetyapp.documents.pages_official import chinese_number
from safetyapp.domain.canonical import canonical_json
from safetyapp.domain.document import DocumentKind
from safetyapp.domain.form import Severity
from safetyapp.domain.notice import Notice
from safetyapp.domain.paper import Issued
from safetyapp.domain.problem import Problem
from safetyapp.domain.progress import no_progress
from safetyapp.domain.school import Person, PersonId, Role
from tests.documents.conftest import PASSPHRASE, make_district
from tests.documents.examples import MADE_AT
from tests.documents.official_examples import (
    ALL,
    BOTTOM,
    CHARACTER,
    LEFT,
    LINE,
    MAKERS,
    NEAR,
    RIGHT,
    TOP,
    Drawn,
    draw_notice,
    draw_paper,
)
from tests.documents.official_reading import MM, MeasuredPage, measure
from tests.documents.papers import BARE, EASY, Scale, make_official, make_paper
from tests.documents.reading import plain, text_of


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Drawn]:
    @cache
    def get(name: str) -> Drawn:
        return draw_paper(MAKERS[name](tmp_path_factory.mktemp(name)))

    return get


# text


def test_levels_have_their_faces(drawn: Callable[[str], Drawn]) -> None:
    lines = [line for page in drawn("supervision").pages for line in page.body]
    for start, face in (
        ("一、", "NotoSansSC-SemiBold"),
        ("（二）", "LXGWWenKai-Regular"),
        ("1.", "NotoSerifSC-Regular"),
    ):
        line = next(line for line in lines if line.text.startswith(start))
        assert line.face == face
        assert line.size == 16
        assert line.left == pytest.approx(LEFT + 2 * CHARACTER, abs=NEAR)


def test_a_notice_says_what_its_record_says(drawn: Callable[[str], Drawn], tmp_path: Path) -> None:
    text = plain(text_of(drawn("notice").data, tmp_path))
    order = (
        "通州区甲子小学（示例）：2026年11月24日，我委检查人员",
        "一、存在的安全隐患（一）行政楼三层办公室。插排串接为电动自行车电池充电",
        "属重大隐患，判定依据为《重大事故隐患判定指南》第三条（一）6。整改要求：立即断电拆除，停止使用该处电源。",
        "整改期限：立即（2026年11月25日）。",
        "（二）教学楼二层东侧走廊。堆放纸箱6个、旧课桌3张，净宽约1.1米，不符合《消防法》第28条（见附件照片2）。",
        "整改期限：2026年11月28日。",
        "（五）门卫室。",
        "二、整改要求请按上述期限完成整改。第1项为重大隐患",
        "三、回复要求请于2026年12月24日前书面回复",
        "逾期未整改的，将按规定督办。",
        "附件：隐患照片（5张）",
        "通州区示例教育委员会2026年11月25日（联系人：王演示电话：010-0000-0000）",
        "抄送：区消防救援支队，示例街道办事处。",
        "2026年11月25日印发",
    )
    at = 0
    for part in order:
        found = plain(text.replace("—1—", "").replace("—2—", "").replace("—3—", "")).find(part, at)
        assert found >= 0, part
        at = found


def test_a_supervision_names_duties_and_days(drawn: Callable[[str], Drawn], tmp_path: Path) -> None:
    text = plain(text_of(drawn("supervision").data, tmp_path))
    for part in (
        "该项列入通教安改〔2026〕9号通知（序号2），整改期限为2026年11月11日。至2026年11月25日已逾期14天",
        "1.责任：周陪同。",
        "2.措施：拆除违规线路，设集中充电点。",
        "3.资金：3.2万元，公用经费。",
        "4.时限：2026年12月20日前。",
        "5.预案：停用该处电源，专人看护。",
        "请于2026年12月2日前书面报告整改情况。",
        "督办责任人：钱主任。",
        "逾期仍未整改的，将约谈学校负责人并予以通报。",
    ):
        assert part in text, part


def test_an_extension_says_each_day_and_refusal(drawn: Callable[[str], Drawn], tmp_path: Path) -> None:
    text = plain(text_of(drawn("extension").data, tmp_path)).replace("—1—", "")
    for part in (
        "临-20261125-AA01BC回复中的延期申请收悉",
        "（一）教学楼一至三层。应急照明断电后持续18分钟，不足30分钟。该项在通知中序号为3，原整改期限为2026年12月2日。"
        "你单位申请延至2027年1月4日。不同意延期（仍按原期限2026年12月2日完成整改）。",
        "原整改期限为2026年12月25日。你单位申请延至2027年1月4日。同意延期至2027年1月4日。",
        "二、延期理由配件缺货，供货期20天。",
        "三、延期期间的防范要求延期期间专人看护",
    ):
        assert part in text, part
    assert text.count("不同意延期") == 1


def test_a_notice_of_empty_sentences_says_facts_and_leaves_out_sections(tmp_path: Path) -> None:
    drawn = draw_notice(tmp_path, opening="", demand="", interim="", reply="", consequence="", contact="", phone="")
    text = plain(text_of(drawn.data, tmp_path))
    assert "2026年11月24日，张示例、李样本对你单位进行日常检查，发现安全隐患1项。" in text
    assert "二、回复要求请于2026年12月24日前书面回复整改情况。" in text
    assert "整改要求请按" not in text
    assert "联系人" not in text


def test_a_candidate_is_not_called_major(tmp_path: Path) -> None:
    paper = make_official(tmp_path, BARE).paper
    assert isinstance(paper, Notice)
    finding = replace(paper.findings[0].finding, severity=Severity.CANDIDATE)
    text = plain(text_of(draw_notice(tmp_path, findings=(replace(paper.findings[0], finding=finding),)).data, tmp_path))
    assert "级别为重大候选。" in text
    assert "属重大隐患" not in text


def test_a_character_without_a_shape_is_told_below_the_foot(tmp_path: Path) -> None:
    drawn = draw_notice(tmp_path, demand="请检查\ue000处。")
    assert "有 1 个字符没有字形，以〓代替：U+E000" in [line.text for line in drawn.pages[-1].lines if line.size < 8]


@pytest.mark.parametrize("name", ["notice", "supervision", "extension"])
def test_it_is_clean_pdf_a_3b(name: str, drawn: Callable[[str], Drawn]) -> None:
    shown = drawn(name)
    archive = make_archive(shown.data, canonical_json(shown.example.paper), Describing("题", "王", "校", MADE_AT))
    with pikepdf.open(BytesIO(archive)) as pdf:
        assert not pikepdf.pdfa.check(pdf, "3b").findings


def test_it_can_be_sealed_and_verified(tmp_path: Path) -> None:
    office = Person(PersonId("p-01"), "王演示", Role.OFFICE)
    district = make_district(tmp_path / "district", person=office)
    example = make_official(tmp_path, EASY, district.fingerprint)
    data = district.signer.seal(
        example.paper, None, example.photos, example.inks, example.kept, PASSPHRASE, no_progress
    )
    verdict = district.signer.verify(data)
    assert verdict.is_valid, verdict.why
    assert verdict.record == example.paper
    assert len(measure(data)) == 4


# the annex


def test_the_annex_begins_on_a_page_of_its_own(drawn: Callable[[str], Drawn]) -> None:
    shown = drawn("notice-nasty")
    pages = shown.pages
    place = next(n for n, page in enumerate(pages) if page.body[0].text == "附件")
    head, title = pages[place].body[:2]
    assert head.left == pytest.approx(LEFT, abs=NEAR)
    assert head.middle == pytest.approx(TOP + LINE / 2, abs=NEAR)
    assert (head.face, head.size) == ("NotoSansSC-SemiBold", 16)
    assert title.text == "隐患照片（48张）"
    assert title.middle == pytest.approx(TOP + 2.5 * LINE, abs=NEAR)
    assert title.centre == pytest.approx(106, abs=0.5)
    said = [line.text for page in pages[:place] for line in page.body if line.text.startswith("附件：")]
    assert said == ["附件：隐患照片（48张）"]
    placed = [photo for page in pages for photo in page.photos]
    assert len(placed) == len(shown.example.paper.photos) == 48
    assert not any(page.photos for page in pages[:place])
    for x, y, width, height in placed:
        assert x >= LEFT - 0.05
        assert y >= TOP - 0.05
        assert x + width <= RIGHT + 0.05
        assert y + height <= BOTTOM
    captions = plain("".join(line.text for page in pages[place:] for line in page.lines))
    for number in range(1, 49):
        assert f"照片{number}第{(number - 1) // 4 + 1}项" in captions


def test_few_photos_share_the_even_page_with_the_foot(drawn: Callable[[str], Drawn]) -> None:
    pages = drawn("notice").pages
    assert len(pages) == 4
    assert len(pages[-1].photos) == 5
    assert len(pages[-1].rules) == 3


def test_a_photo_that_is_not_there_stops_the_paper(tmp_path: Path) -> None:
    example = make_official(tmp_path, EASY)
    with pytest.raises(Problem) as stopped:
        draw_paper(replace(example, photos={}))
    assert stopped.value.code == "photo-missing"


# words


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (40, "四十"), (99, "九十九"), (100, "一百"), (105, "一百零五"),
     (110, "一百一十"), (1010, "一千零一十")],
)  # fmt: skip
def test_numbers_in_chinese(number: int, said: str) -> None:
    assert chinese_number(number) == said


_WORDS = ("安全隐患", "整改", "限期", "通知", "批复", "通州区永顺镇中心小学", "消防安全", "专项")


@pytest.mark.parametrize(
    "title",
    [
        "关于通州区永顺镇中心小学限期整改安全隐患的通知",
        "关于督办通州区永顺镇中心小学消防安全专项检查所见安全隐患限期整改的通知",
        "关于延长通州区永顺镇中心小学消防安全专项检查所见安全隐患整改期限并加强整改期间看护和巡查工作的批复",
    ],
)
def test_titles_break_between_words_into_a_shape(title: str) -> None:
    lines = break_title(title, 156 * MM, 22, _WORDS)
    assert "".join(lines) == title
    assert 2 <= len(lines) <= 3
    for word in _WORDS:
        assert title.count(word) == sum(line.count(word) for line in lines), lines
    assert not any(line.startswith("的") for line in lines)
    lengths = [len(line) for line in lines]
    assert max(lengths) <= 20
    assert len(lines) < 3 or lengths[1] >= min(lengths[0], lengths[2]), "no hourglass"
    assert min(lengths) >= 4


def test_a_short_title_stays_on_one_line() -> None:
    assert break_title("关于延长安全隐患整改期限的批复", 156 * MM, 22, _WORDS) == ["关于延长安全隐患整改期限的批复"]


def test_every_bit_of_a_title_is_kept(drawn: Callable[[str], Drawn]) -> None:
    for name in ALL:
        shown: Sequence[MeasuredPage] = drawn(name).pages
        title = "".join(
            line.text for line in shown[0].body if line.face == "NotoSerifSC-Bold-GB2312" and line.size < 23
        )
        assert plain(drawn(name).example.paper.title)[-12:] == plain(title)[-12:]


# anything

_PARTS = ("检查", "走廊宽1.5米", "（见GB 50016-2014第5.3条）", "《消防法》", "“常闭”", "……", "，", "。", "、", "龑𬭎",
          "fire-door", "https://example.edu.cn/a/b?c=1&d=2", "x" * 90, "\n", " ", "12,345.67kg", "；（“")  # fmt: skip
_BLANK_HALVES = "，。、；：？！）》”〕（《“〔"


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_written_stays_inside(seed: int, tmp_path: Path) -> None:
    source = random.Random(seed)

    def some(most: int) -> str:
        return "".join(source.choice(_PARTS) for _ in range(source.randrange(1, most)))

    kind = source.choice([DocumentKind.RECTIFICATION_NOTICE, DocumentKind.SUPERVISION, DocumentKind.EXTENSION])
    scale = Scale(source.randrange(1, 9), 0, some(12), some(9), some(40), some(7))
    official = kind is DocumentKind.RECTIFICATION_NOTICE
    example = make_official(tmp_path, scale) if official else make_paper(kind, tmp_path, scale)
    assert isinstance(example.paper, Issued)
    paper = replace(example.paper, title=some(20), issuer="示例" + some(8), copies_to=(some(8), some(8)))
    pages = draw_paper(replace(example, paper=paper)).pages
    assert len(pages) % 2 == 0
    for page in pages:
        for line in page.body:
            for char in line.chars:
                hangs = 0.5 * char.size / MM if char.text in _BLANK_HALVES else 0.0
                assert char.left >= LEFT - hangs - 0.05, line.text
                assert char.right <= RIGHT + hangs + 0.05, line.text
                assert char.middle - 0.5 * char.size / MM + 0.05 >= TOP, line.text
                assert char.foot <= BOTTOM, line.text
