"""Wall layouts and views: which cells a wall has and which camera sits in which."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Cell:
    """A tile's place on the grid: zero-based, spans at least 1."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """A grid of `rows` x `columns` fully or partly covered by non-overlapping cells.

    Raises ValueError for a cell outside the grid, an overlap, or more than 64 cells.
    """

    key: str  # "3x3", "1+5", or "free:..." for a layout a person made
    rows: int
    columns: int
    cells: tuple[Cell, ...]

    MAX_CELLS = 64

    def __post_init__(self) -> None:
        if not (1 <= self.rows <= 16 and 1 <= self.columns <= 16):
            raise ValueError(f"layout {self.key}: {self.rows} x {self.columns} is not 1 to 16")
        if not 1 <= len(self.cells) <= self.MAX_CELLS:
            raise ValueError(f"layout {self.key}: {len(self.cells)} cells, must be 1 to 64")
        taken: set[tuple[int, int]] = set()
        for cell in self.cells:
            if min(cell.row, cell.column) < 0 or min(cell.row_span, cell.column_span) < 1:
                raise ValueError(f"layout {self.key}: bad cell {cell}")
            if (
                cell.row + cell.row_span > self.rows
                or cell.column + cell.column_span > self.columns
            ):
                raise ValueError(f"layout {self.key}: {cell} lies outside the grid")
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    if (r, c) in taken:
                        raise ValueError(f"layout {self.key}: {cell} overlaps another")
                    taken.add((r, c))

    def rectangle(self, index: int, width: int, height: int) -> tuple[int, int, int, int]:
        """Pixels (x, y, width, height) of a cell in a wall of that size; neighbours share edges."""
        cell = self.cells[index]
        x0 = cell.column * width // self.columns
        x1 = (cell.column + cell.column_span) * width // self.columns
        y0 = cell.row * height // self.rows
        y1 = (cell.row + cell.row_span) * height // self.rows
        return x0, y0, x1 - x0, y1 - y0


def grid(rows: int, columns: int, key: str = "") -> Layout:
    """A plain grid of equal cells, row by row."""
    cells = tuple(Cell(r, c) for r in range(rows) for c in range(columns))
    return Layout(key or f"{rows}x{columns}", rows, columns, cells)


def _big_and_small(key: str, side: int, bigs: tuple[Cell, ...]) -> Layout:
    """A square grid with big cells first and the rest filled by small ones, row by row."""
    covered = {
        (r, c)
        for b in bigs
        for r in range(b.row, b.row + b.row_span)
        for c in range(b.column, b.column + b.column_span)
    }
    small = tuple(Cell(r, c) for r in range(side) for c in range(side) if (r, c) not in covered)
    return Layout(key, side, side, bigs + small)


BUILT_IN: dict[str, Layout] = {
    layout.key: layout
    for layout in (
        grid(1, 1, "1"),
        grid(2, 2),
        grid(3, 3),
        grid(4, 4),
        grid(5, 5),
        grid(6, 6),
        grid(8, 8),
        _big_and_small("1+5", 3, (Cell(0, 0, 2, 2),)),
        _big_and_small("1+7", 4, (Cell(0, 0, 3, 3),)),
        _big_and_small("2+8", 4, (Cell(0, 0, 2, 2), Cell(0, 2, 2, 2))),
    )
}


@dataclass(frozen=True, slots=True)
class View:
    """A layout with cameras in it. `cameras[i]` is the channel id in cell i, or None.

    `spot` is a cell that follows the selection of the others instead of holding a camera.
    """

    layout: Layout
    cameras: tuple[str | None, ...] = field(default=())
    spot: int | None = None

    def __post_init__(self) -> None:
        if len(self.cameras) != len(self.layout.cells):
            padded = (self.cameras + (None,) * len(self.layout.cells))[: len(self.layout.cells)]
            object.__setattr__(self, "cameras", padded)
        if self.spot is not None and not 0 <= self.spot < len(self.cameras):
            object.__setattr__(self, "spot", None)

    def place(self, index: int, camera: str | None) -> View:
        """The view with `camera` in cell `index` (None clears it)."""
        cameras = list(self.cameras)
        cameras[index] = camera
        return replace(self, cameras=tuple(cameras))

    def place_many(self, start: int, cameras: tuple[str, ...]) -> View:
        """`cameras[0]` goes to cell `start`, the others to free cells after it, then before it.

        Cells that hold a camera are not overwritten except `start`. What finds no room is left out.
        """
        view = self.place(start, cameras[0]) if cameras else self
        order = [*range(start + 1, len(self.cameras)), *range(start)]
        free = [i for i in order if view.cameras[i] is None and i != self.spot]
        for index, camera in zip(free, cameras[1:], strict=False):
            view = view.place(index, camera)
        return view

    def swap(self, a: int, b: int) -> View:
        """The view with the contents of two cells exchanged."""
        return self.place(a, self.cameras[b]).place(b, self.cameras[a])

    def with_layout(self, layout: Layout) -> View:
        """The cameras in another layout: order kept, gaps closed only as far as room demands."""
        count = len(layout.cells)
        cameras = self.cameras
        if any(c is not None for c in cameras[count:]):
            cameras = tuple(c for c in cameras if c is not None)
        return View(layout, cameras[:count], self.spot)
