"""One of the programs that lay out pages, in a process of its own with nothing of ours: for every line it reads, which
names a content as JSON, it lays that out as a PDF and prints the seconds and the peak memory (MB) as a line of JSON.

Run by `bench.peer`: python peer_process.py NAME FOLDER; the last PDF stays in the folder, for whoever wants to see it.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from time import perf_counter
from typing import Any

LayOut = Callable[[], bytes]
SIZE, LEADING, MARGIN = 9.5, 14, 72


def typst(content: dict[str, Any], folder: Path) -> LayOut:
    """A document of typst's own language, which it compiles anew every time."""
    import typst as program

    fonts = folder / "typst-fonts"
    fonts.mkdir(exist_ok=True)
    font = fonts / Path(content["font"]).name
    if not font.exists():
        font.symlink_to(content["font"])
    wide, high = content["photo_mm"]

    def text(words: str) -> str:
        return f"#{json.dumps(words, ensure_ascii=False)}"

    def table(of: dict[str, Any]) -> str:
        columns = ", ".join(f"{width}pt" for width in of["widths"])
        cells = "".join(f"[{text(cell)}], " for row in of["rows"] for cell in row)
        return f"#table(columns: ({columns}), stroke: 0.4pt, {cells})"

    parts = [
        f"#set page(paper: \"a4\", margin: {MARGIN}pt)",
        f"#set text(font: \"Noto Serif SC\", size: {SIZE}pt, lang: \"zh\", fallback: false)",
        f"#set par(leading: {LEADING - SIZE}pt)",
        text(content["title"]), table(content["head"]), table(content["findings"]), table(content["marks"]),
        text(content["opinion"]),
    ]  # fmt: skip
    for found in content["found"]:
        parts += [text(found["title"]), table(found["about"])]
        parts += [f"#image({json.dumps(path)}, width: {wide}mm, height: {high}mm)" for path in found["photos"]]
        parts += [text(caption) for caption in found["captions"]]
    source = "\n\n".join([*parts, table(content["items"])]).encode()

    def lay_out() -> bytes:
        made: bytes = program.compile(source, root="/", font_paths=[str(fonts)], ignore_system_fonts=True)
        return made

    return lay_out


def weasyprint(content: dict[str, Any], folder: Path) -> LayOut:
    """A web page and a style sheet; the font is set up before."""
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    wide, high = content["photo_mm"]
    style = CSS(
        string=f"""@font-face {{font-family: floor; src: url("{Path(content["font"]).as_uri()}")}}
        @page {{size: A4; margin: {MARGIN}pt}}
        body {{font: {SIZE}pt/{LEADING}pt floor; margin: 0}} p {{margin: 0}}
        table {{border-collapse: collapse; table-layout: fixed}}
        td {{border: 0.4pt solid black; vertical-align: top; padding: 3pt 6pt; overflow-wrap: anywhere}}
        img {{display: block; width: {wide}mm; height: {high}mm}}""",
        font_config=fonts,
    )

    def text(words: str) -> str:
        return f"<p>{escape(words)}</p>"

    def table(of: dict[str, Any]) -> str:
        columns = "".join(f'<col style="width: {width}pt">' for width in of["widths"])
        rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in of["rows"])
        return f'<table style="width: {sum(of["widths"])}pt">{columns}{rows}</table>'

    parts = [text(content["title"]), table(content["head"]), table(content["findings"]), table(content["marks"])]
    parts += [text(content["opinion"])]
    for found in content["found"]:
        parts += [text(found["title"]), table(found["about"])]
        parts += [f'<img src="{Path(path).as_uri()}">' for path in found["photos"]]
        parts += [text(caption) for caption in found["captions"]]
    page = f'<html lang="zh"><body>{"".join(parts)}{table(content["items"])}</body></html>'

    def lay_out() -> bytes:
        made: bytes = HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts)
        return made

    return lay_out


def fpdf2(content: dict[str, Any], folder: Path) -> LayOut:
    """fpdf2's own tables and cells; it reads the font for every document, for it knows no other way."""
    from fpdf import FPDF
    from fpdf.enums import WrapMode

    wide, high = content["photo_mm"]
    mm = 72 / 25.4

    def lay_out() -> bytes:
        pdf = FPDF(unit="pt", format="A4")
        pdf.set_margin(MARGIN)
        pdf.add_font("floor", fname=content["font"])
        pdf.set_font("floor", size=SIZE)
        pdf.add_page()

        def text(words: str) -> None:
            pdf.multi_cell(0, LEADING, words, wrapmode=WrapMode.CHAR, new_x="LMARGIN", new_y="NEXT")

        def table(of: dict[str, Any]) -> None:
            widths = of["widths"]
            wide = min(sum(widths), pdf.epw)
            with pdf.table(
                width=wide, col_widths=tuple(widths), first_row_as_headings=False, line_height=LEADING,
                wrapmode=WrapMode.CHAR,
            ) as made:  # fmt: skip
                for row in of["rows"]:
                    made.row(row)

        text(content["title"])
        for part in ("head", "findings", "marks"):
            table(content[part])
        text(content["opinion"])
        for found in content["found"]:
            text(found["title"])
            table(found["about"])
            for path in found["photos"]:
                pdf.image(path, w=wide * mm, h=high * mm)
            for caption in found["captions"]:
                text(caption)
        table(content["items"])
        return bytes(pdf.output())

    return lay_out


PEERS = {"typst": typst, "weasyprint": weasyprint, "fpdf2": fpdf2}


def main(name: str, folder: Path) -> None:
    set_up = PEERS[name]
    for line in sys.stdin:
        lay_out = set_up(json.loads(Path(line.strip()).read_text(encoding="utf-8")), folder)
        began = perf_counter()
        made = lay_out()
        took = perf_counter() - began
        (folder / f"{name}.pdf").write_bytes(made)
        gc.collect()
        print(json.dumps({"seconds": took, "peak_mb": _peak_mb()}), flush=True)


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
