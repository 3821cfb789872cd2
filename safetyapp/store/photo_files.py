"""The folders that hold photos: originals, copies for print, thumbnails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from safetyapp.store.files import Shelf

if TYPE_CHECKING:
    from safetyapp.domain.inspection import Photo
    from safetyapp.store.burning import Burnt
    from safetyapp.store.pictures import Prepared


class PhotoFiles:
    """The folders of photos in a workspace."""

    def __init__(self, folder: Path) -> None:
        self.originals = Shelf(folder / "photos")
        self.prints = Shelf(folder / "prints", ".jpg")
        self.thumbs = Shelf(folder / "thumbs", ".jpg")

    def keep(self, photo: Photo, original: bytes, prepared: Prepared) -> None:
        """The three files are safely there when this returns. Raises Problem disk-full, read-only, disk-failing."""
        self.originals.keep(photo.original, original)
        self.prints.keep(photo.printed, prepared.printed)
        self.thumbs.keep(photo.original, prepared.thumb)

    def holds(self, photo: Photo, original: bytes) -> bool:
        """Whether all three are there and whole; a thumbnail has no hash to be compared with."""
        return (
            self.originals.holds(photo.original, original)
            and self.prints.is_whole(photo.printed)
            and self.thumbs.has(photo.original)
        )

    def keep_marked(self, copy: Photo, burnt: Burnt) -> None:
        """A marked copy and its thumbnail, which has the copy's name. Raises as `keep`."""
        self.prints.keep(copy.printed, burnt.printed)
        self.thumbs.keep(copy.printed, burnt.thumb)

    def holds_marked(self, copy: Photo) -> bool:
        """Whether both are there."""
        return self.prints.is_whole(copy.printed) and self.thumbs.has(copy.printed)
