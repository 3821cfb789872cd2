"""THIRD-PARTY-NOTICES.md names everything that is shipped: fonts, icons, photos and every locked runtime package."""

from __future__ import annotations

import re
import tomllib

from tests.project import ROOT, repository_files

NOTICES = (ROOT / "THIRD-PARTY-NOTICES.md").read_text(encoding="utf-8")


def _runtime_packages() -> set[str]:
    """What an installation without the development group brings along, on any system."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in lock["package"]}
    found, waiting = set[str](), ["safetyapp"]
    while waiting:
        package = packages[waiting.pop()]
        needed = {dependency["name"] for dependency in package.get("dependencies", [])}
        waiting.extend(needed - found)
        found |= needed
    return found


def test_every_runtime_package_is_named_with_its_licence() -> None:
    named = dict(re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|$", NOTICES, re.M))
    packages = _runtime_packages()
    assert packages
    assert sorted(packages - named.keys()) == [], "not named"
    assert sorted(named.keys() - packages - {"package"}) == [], "named, but not shipped any more"
    assert all(licence.strip() for licence in named.values())


def test_every_optional_package_is_named_too() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [name for extra in project["optional-dependencies"].values() for name in extra]
    assert wanted
    assert [name for name in wanted if re.split(r"[<>=]", name)[0] not in NOTICES] == []


def test_every_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [name for extra in project["project"]["optional-dependencies"].values() for name in extra]
    names = {re.split(r"[<>=!~;\[ ]", requirement)[0] for requirement in wanted}
    reasons = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    assert sorted(name for name in names if name not in reasons) == []


def test_every_font_and_icon_set_is_named_and_its_licence_is_there() -> None:
    fonts = {path.name for path in repository_files() if path.suffix == ".ttf"}
    licences = {path.name for path in repository_files() if path.name.startswith(("OFL-", "LICENSE-"))}
    assert fonts
    assert sorted(name for name in fonts | licences if name not in NOTICES) == []


def test_every_photo_is_attributed() -> None:
    """Photos, of tests and of the demo alike, lie below folders that the notices name."""
    suffixes = {".jpg", ".jpeg", ".heic"}
    photos = [path.relative_to(ROOT) for path in repository_files() if path.suffix.lower() in suffixes]
    foreign = [p for p in photos if not any(f"`{folder.as_posix()}/`" in NOTICES for folder in p.parents)]
    assert foreign == []


def test_licence_is_the_one_that_pyproject_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "AGPL-3.0-or-later"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n")[0].strip() == "GNU AFFERO GENERAL PUBLIC LICENSE"
