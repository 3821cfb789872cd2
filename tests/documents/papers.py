"""One paper of every kind but the report: easy, nasty, and as bare as it may be. Names and numbers are invented."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from safetyapp.domain.any_record import AnyPaper
from safetyapp.domain.document import DocumentId, DocumentKind
from safetyapp.domain.form import ItemId, Severity
from safetyapp.domain.inspection import Ink, InspectionType, PhotoLink, Sha256
from safetyapp.domain.notice import (
    Duties,
    ExtendedFinding,
    Extension,
    Notice,
    NoticedFinding,
    NoticeLayout,
    SupervisedFinding,
    SupervisedFor,
    Supervision,
)
from safetyapp.domain.paper import DocumentRef, FindingRef
from safetyapp.domain.record import Author, RecordedFile
from safetyapp.domain.reinspection import CheckedFinding, Conclusion, Reinspection
from safetyapp.domain.response import ExtensionRequest, FindingResponse, Response
from safetyapp.domain.review import Decision, Remark, Review, Void
from safetyapp.domain.school import PersonId, Role
from safetyapp.domain.service import ServiceMethod, ServiceReceipt
from tests.documents.drawn import LONG_PLACE, LONG_SCHOOL, LONG_TEXT, draw_photo
from tests.documents.examples import DOCUMENT_ID, MADE_AT, RARE_NAMES, SCHOOL, make_ink

ISSUER = "通州区示例教育委员会"
DAY = date(2026, 11, 25)
OFFICER, PRINCIPAL = "王演示", "周校长"
AUTHORS = {
    Role.OFFICE: (PersonId("p-01"), OFFICER),
    Role.INSPECTOR: (PersonId("p-07"), "张示例"),
    Role.SCHOOL: (PersonId("s-01"), PRINCIPAL),
}
"""Who signs as what."""

SIGNED_BY = {
    DocumentKind.REVIEW: Role.OFFICE,
    DocumentKind.RECTIFICATION_NOTICE: Role.OFFICE,
    DocumentKind.SERVICE_RECEIPT: Role.OFFICE,
    DocumentKind.RESPONSE: Role.SCHOOL,
    DocumentKind.EXTENSION: Role.OFFICE,
    DocumentKind.REINSPECTION: Role.INSPECTOR,
    DocumentKind.SUPERVISION: Role.OFFICE,
    DocumentKind.VOID: Role.OFFICE,
}

_LINES = (
    ("行政楼三层办公室", "插排串接为电动自行车电池充电，充电线由窗户引入室内", "立即断电拆除，停止使用该处电源", 0),
    ("教学楼二层东侧走廊", "堆放纸箱6个、旧课桌3张，净宽约1.1米", "清空并划禁放线，每日巡查", 3),
    ("教学楼一至三层", "应急照明断电后持续18分钟，不足30分钟", "更换电池，逐层复测", 7),
    ("食堂排油烟管道", "最近一次清洗为7月30日，超过92天", "清洗并留存合同、照片", 7),
    ("门卫室", "新上岗保安2人无岗前消防培训记录", "补训考核，留存记录", 30),
)
_BASES = (
    "《重大事故隐患判定指南》第三条（一）6",
    "《消防法》第28条",
    "GB 55037 10.1.4",
    "GB/T 40248",
    "《消防法》第17条",
)


@dataclass(frozen=True)
class PaperExample:
    """A paper with everything that sealing it needs."""

    paper: AnyPaper
    photos: dict[Sha256, Path] = field(default_factory=dict)
    inks: dict[Sha256, bytes] = field(default_factory=dict)
    kept: dict[Sha256, Path] = field(default_factory=dict)

    @property
    def record(self) -> AnyPaper:
        """As a report's example calls it."""
        return self.paper

    @property
    def form(self) -> None:
        """Only a report follows one."""
        return None


@dataclass(frozen=True)
class Scale:
    """How much there is, and how long the words are."""

    findings: int = 5
    photos: int = 1
    """At each finding, before and after."""
    school: str = SCHOOL.name
    place: str = ""
    text: str = ""
    name: str = ""


EASY = Scale()
BARE = Scale(findings=1, photos=0)
NASTY = Scale(12, 4, LONG_SCHOOL, LONG_PLACE, LONG_TEXT, f"欧阳{RARE_NAMES}·Anna Müller-Lüdenscheidt")


def make_paper(kind: DocumentKind, folder: Path, scale: Scale = EASY, certificate: str = "0" * 64) -> PaperExample:
    """The paper of a kind; a notice in its form layout (`make_official` has the other)."""
    return _Maker(folder, scale, kind, certificate).make()


def make_official(folder: Path, scale: Scale = EASY, certificate: str = "0" * 64) -> PaperExample:
    """The notice as an official paper."""
    made = make_paper(DocumentKind.RECTIFICATION_NOTICE, folder, scale, certificate)
    assert isinstance(made.paper, Notice)
    title = f"关于{made.paper.school.name}限期整改安全隐患的通知"
    paper = replace(
        made.paper, layout=NoticeLayout.OFFICIAL, title=title, copies_to=("区消防救援支队", "示例街道办事处")
    )
    return replace(made, paper=paper)


class _Maker:
    def __init__(self, folder: Path, scale: Scale, kind: DocumentKind, certificate: str) -> None:
        self.folder = folder
        self.scale = scale
        self.kind = kind
        role = SIGNED_BY[kind]
        person, name = AUTHORS[role]
        self.head = {
            "id": DocumentId(f"0a91c07f-0000-4000-8000-{hashlib.sha256(kind.value.encode()).hexdigest()[:12]}"),
            "made_at": MADE_AT + timedelta(days=1),
            "author": Author(person, name, role, certificate),
            "school": replace(SCHOOL, name=scale.school, head=PRINCIPAL),
            "dated_on": DAY,
            "app_version": "0.1.0",
        }
        self.links: list[PhotoLink] = []
        self.paths: dict[Sha256, Path] = {}
        self.inks: list[Ink] = []
        self.images: dict[Sha256, bytes] = {}
        self.kept: dict[Sha256, Path] = {}
        self.files: list[RecordedFile] = []

    def make(self) -> PaperExample:
        paper = getattr(self, self.kind.value.replace("-", "_"))()
        paper = replace(paper, photos=tuple(self.links), inks=tuple(self.inks), files=tuple(self.files))
        return PaperExample(paper, self.paths, self.images, self.kept)

    # what the kinds are made of

    def ref(self, kind: DocumentKind, number: str) -> DocumentRef:
        sha256 = hashlib.sha256(number.encode()).hexdigest()
        return DocumentRef(DocumentId(f"{sha256[:8]}-0000-4000-8000-000000000000"), sha256, kind, number)

    def notice(self) -> DocumentRef:
        return self.ref(DocumentKind.RECTIFICATION_NOTICE, "通教安改〔2026〕13号")

    def findings(self) -> list[tuple[FindingRef, str, str]]:
        """With the action and the basis of each."""
        made = []
        for number in range(self.scale.findings):
            place, text, action, days = _LINES[number % len(_LINES)]
            if self.scale.text and number % 3 == 0:
                place, text = self.scale.place, self.scale.text
            severity = Severity.MAJOR if number == 0 and self.scale.findings > 1 else Severity.GENERAL
            deadline = DAY + timedelta(days=days)
            ref = FindingRef(f"{DOCUMENT_ID}/{number + 1}", number + 1, place, text, severity, deadline)
            made.append((ref, action, _BASES[number % len(_BASES)]))
        return made

    def photos(self, finding: FindingRef, after: bool = False) -> tuple[str, ...]:
        taken = []
        for _ in range(self.scale.photos):
            number = len(self.links)
            size = (600, 800) if number % 4 == 2 else (800, 600)
            photo, path = draw_photo(self.folder, number, *size)
            self.paths[photo.printed] = path
            caption = "已清走" if after else ("远景", "量净宽1.1米", "")[number % 3]
            self.links.append(PhotoLink(ItemId(finding.finding), photo, number, after, caption))
            taken.append(str(photo.original))
        return tuple(taken)

    def ink(self, name: str, role: str, wave: int = 3) -> None:
        ink, image = make_ink(self.scale.name or name, role, wave)
        self.inks.append(ink)
        self.images[Sha256(str(ink.image))] = image

    def issued(self) -> dict[str, object]:
        return {
            "issuer": ISSUER,
            "signatory": self.scale.name or "赵签发",
            "contact": self.scale.name or OFFICER,
            "phone": "010-0000-0000",
        }

    # the kinds

    def rectification_notice(self) -> Notice:
        findings = self.findings()
        majors = "、".join(str(ref.number) for ref, _, _ in findings if ref.severity is Severity.MAJOR)
        return Notice(
            **self.head,
            **self.issued(),
            title="安全隐患整改通知书",
            number="通教安改〔2026〕13号",
            reports=(self.ref(DocumentKind.INSPECTION_REPORT, "临-20261124-7F3A91"),),
            inspected_on=MADE_AT.date(),
            inspection_type=InspectionType.ROUTINE,
            inspectors=("张示例", self.scale.name or "李样本"),
            findings=tuple(
                NoticedFinding(ref, action, (basis,), basis if ref.severity is Severity.MAJOR else "", self.photos(ref))
                for ref, action, basis in findings
            ),
            reply_by=DAY + timedelta(days=29),
            opening="2026年11月24日，我委检查人员张示例、李样本对你校进行日常安全检查，发现以下安全隐患：",
            demand="请按上述期限完成整改。",
            interim=f"第{majors}项为重大隐患，整改期间停止使用该处并采取防范措施。" if majors else "",
            reply="请于2026年12月24日前书面回复整改情况，附整改前后照片，由校长签字并加盖公章。",
            consequence="逾期未整改的，将按规定督办。",
        )

    def service_receipt(self) -> ServiceReceipt:
        refused = bool(self.scale.name)
        if not refused:
            self.ink(PRINCIPAL, "receiver", 4)
        self.ink("张示例", "server")
        if self.scale is not BARE:
            scan = b"%PDF-1.4 a scan of the signed paper"
            sha256 = Sha256(hashlib.sha256(scan).hexdigest())
            path = self.folder / "scan.pdf"
            path.write_bytes(scan)
            self.kept[sha256] = path
            self.files.append(RecordedFile(sha256, "送达回证扫描件.pdf"))
        return ServiceReceipt(
            **self.head,
            issuer=ISSUER,
            title="送达回证",
            served=self.notice(),
            served_title="安全隐患整改通知书",
            place=self.scale.place or "通州区甲子小学（示例）行政楼201室",
            method=ServiceMethod.LEFT if refused else ServiceMethod.DIRECT,
            servers=(OFFICER, self.scale.name or "张示例"),
            receiver="" if refused else PRINCIPAL,
            receiver_post="" if refused else "校长",
            received_at=None if refused else MADE_AT + timedelta(days=1),
            refused="对第2项的认定有不同意见，拒绝签收" if refused else "",
            witness=self.scale.name,
            note=self.scale.text,
        )

    def response(self) -> Response:
        self.ink(PRINCIPAL, "principal", 4)
        findings = self.findings()
        answers = []
        for place, (ref, action, _) in enumerate(findings):
            unfinished = place == len(findings) - 1 and len(findings) > 1
            answers.append(
                FindingResponse(
                    ref,
                    f"已按要求{action}。" if not unfinished else "已联系维保单位，待配件到货后更换。",
                    responsible=self.scale.name or "周陪同（总务主任）",
                    completed_on=None if unfinished else DAY + timedelta(days=2),
                    cost=Decimal("1280.50") if place % 2 else None,
                    cost_source="学校公用经费" if place % 2 else "",
                    unfinished="配件缺货，供货期20天" if unfinished else "",
                    interim="专人看护，每日巡查两次" if unfinished else "",
                    planned_on=DAY + timedelta(days=40) if unfinished else None,
                    photos=self.photos(ref),
                    after_photos=() if unfinished else self.photos(ref, after=True),
                )
            )
        last = findings[-1][0]
        return Response(
            **self.head,
            title="安全隐患整改回复",
            notice=self.notice(),
            addressed_to=ISSUER,
            findings=tuple(answers),
            principal=PRINCIPAL,
            request=ExtensionRequest((last.finding,), DAY + timedelta(days=40), "配件缺货，供货期20天", "专人看护")
            if len(findings) > 1
            else None,
            note=self.scale.text,
        )

    def extension(self) -> Extension:
        refs = [ref for ref, _, _ in self.findings()][-3:]
        return Extension(
            **self.head,
            **self.issued(),
            title="关于延长安全隐患整改期限的批复",
            number="通教安延〔2026〕4号",
            notice=self.notice(),
            response=self.ref(DocumentKind.RESPONSE, "临-20261125-AA01BC"),
            findings=tuple(
                ExtendedFinding(ref, DAY + timedelta(days=40), DAY + timedelta(days=40) if n else None)
                for n, ref in enumerate(refs, start=len(refs) == 1)
            ),
            reason=self.scale.text or "配件缺货，供货期20天",
            interim="延期期间专人看护，每日巡查两次，发现险情立即停用。",
            decision="同意部分隐患延期整改，未同意的仍按原期限完成。",
        )

    def reinspection(self) -> Reinspection:
        self.ink("张示例", "inspector")
        self.ink("李样本", "companion", 5)
        self.ink(PRINCIPAL, "school", 4)
        checks = []
        kinds = (Conclusion.FIXED, Conclusion.PARTLY, Conclusion.NOT_FIXED, Conclusion.NO_LONGER_APPLIES)
        for place, (ref, _, _) in enumerate(self.findings()):
            conclusion = kinds[place % len(kinds)]
            again = conclusion in (Conclusion.PARTLY, Conclusion.NOT_FIXED)
            facts = ("充电线和插排已拆除", "纸箱已清走，仍有课桌1张", "仍为18分钟", "该管道已停用拆除")
            before, after = self.photos(ref), self.photos(ref, after=True)
            fact = self.scale.text if place == 1 and self.scale.text else facts[place % len(facts)]
            checks.append(
                CheckedFinding(ref, conclusion, fact, DAY + timedelta(days=21) if again else None, before, after)
            )
        return Reinspection(
            **self.head,
            issuer=ISSUER,
            title="安全隐患复查意见书",
            number="通教安复〔2026〕9号",
            notice=self.notice(),
            responses=(self.ref(DocumentKind.RESPONSE, "临-20261125-AA01BC"),),
            findings=tuple(checks),
            inspectors=(self.scale.name or "李样本",),
            escort=self.scale.name or "周陪同（总务主任）",
            opinion="已整改的予以销号；未完成的按新期限继续整改，整改期间加强看护。",
            school_opinion=self.scale.text or "情况属实，按期完成。",
        )

    def supervision(self) -> Supervision:
        major, *rest = self.findings()
        duties = Duties(
            "周陪同", "拆除违规线路，设集中充电点", "3.2万元，公用经费", "2026年12月20日前", "停用该处电源，专人看护"
        )
        late = [
            SupervisedFinding(
                replace(ref, deadline=DAY - timedelta(days=days)), SupervisedFor.OVERDUE, "通教安改〔2026〕9号", days
            )
            for days, (ref, _, _) in zip((14, 8, 8), rest, strict=False)
        ]
        return Supervision(
            **self.head,
            **self.issued(),
            title=f"关于督办{self.scale.school}安全隐患整改的通知",
            number="通教安督〔2026〕2号",
            notices=(self.notice(),),
            findings=(SupervisedFinding(major[0], SupervisedFor.MAJOR, "通教安改〔2026〕13号", 0, duties), *late),
            reply_by=DAY + timedelta(days=7),
            leader=self.scale.name or "钱主任",
            copies_to=("示例街道办事处",),
            opening="你校下列安全隐患尚未按期整改，现予督办。",
            demand="请主要负责人亲自组织整改，每周书面报告进展。",
            consequence="逾期仍未整改的，将约谈学校负责人并予以通报。",
        )

    def review(self) -> Review:
        returned = self.scale is not BARE
        remarks: Sequence[Remark] = (
            Remark(ItemId("F-14"), "疏散通道是否畅通、净宽是否符合要求", self.scale.text or "请补拍量净宽的近景照片。"),
            Remark(ItemId("F-42"), "排油烟管道是否按期清洗", "日期与合同不一致，请核对。"),
            Remark(None, "", "陪同人职务请写全。"),
        )
        return Review(
            **self.head,
            issuer=ISSUER,
            title="安全检查记录审核意见",
            report=self.ref(DocumentKind.INSPECTION_REPORT, "临-20261124-7F3A91"),
            report_title="消防安全检查表",
            decision=Decision.RETURNED if returned else Decision.ACCEPTED,
            reason="证据不足" if returned else "",
            remarks=tuple(remarks) if returned else (),
        )

    def void(self) -> Void:
        return Void(
            **self.head,
            issuer=ISSUER,
            title="文书作废说明",
            voided=self.notice(),
            voided_title="安全隐患整改通知书",
            reason=self.scale.text or "第3项隐患所在建筑已移交，通知书内容有误。",
            replaced_by="通教安改〔2026〕14号" if self.scale is not BARE else "",
        )
