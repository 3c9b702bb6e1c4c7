"""Papers in groups by the words that tell most: first in a few dimensions, then by their directions there.

Nothing is drawn by chance that is not drawn the same each time.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.flat import Ints
from bot.search.weighing import Floats, Matrix

_SEED: Final = 2022
_MORE: Final = 16
_PASSES: Final = 3
_STARTS: Final = 8
_ROUNDS: Final = 40
_NOTHING: Final = 1e-10
"""Next to the largest, a smaller square of a strength is what rounding has left of nothing."""


def reduced(matrix: Matrix, dimensions: int) -> Floats:
    """Return the papers in a few dimensions that keep most of what tells them apart (a randomised SVD)."""
    rng = np.random.default_rng(_SEED)
    back = matrix.transposed()
    size = min(dimensions + _MORE, len(matrix.stems), len(matrix.rows.bounds) - 1)
    basis = matrix.times(rng.standard_normal((len(matrix.stems), size)).astype(np.float32))
    for _ in range(_PASSES):
        basis = matrix.times(back.times(_orthonormal(basis)))
    basis = _orthonormal(basis)
    strengths, directions = _principal(back.times(basis))
    scaled = directions * np.sqrt(np.maximum(strengths, 0))
    return np.asarray(basis @ scaled[:, : -dimensions - 1 : -1].astype(np.float32), np.float32)


def grouped(points: Floats, count: int) -> Ints:
    """Return the group of each point, so many groups, by the directions of the points (spherical k-means)."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    points = points / np.maximum(lengths, 1e-9)
    rng = np.random.default_rng(_SEED)
    best, best_worth = np.zeros(len(points), np.int32), -np.inf
    for _ in range(_STARTS):
        centres = _first_centres(points, count, rng)
        group = np.zeros(len(points), np.int64)
        for _ in range(_ROUNDS):
            changed = (points @ centres.T).argmax(axis=1)
            if (changed == group).all():
                break
            group = changed
            sums = (np.arange(count)[:, None] == group).astype(np.float32) @ points
            norms = np.linalg.norm(sums, axis=1, keepdims=True)
            centres = np.where(norms > 1e-9, sums / np.maximum(norms, 1e-9), centres)
        worth = float((points @ centres.T).max(axis=1).sum())
        if worth > best_worth:
            best, best_worth = group.astype(np.int32), worth
    return best


def _first_centres(points: Floats, count: int, rng: np.random.Generator) -> Floats:
    chosen = [int(rng.integers(len(points)))]
    far = 1 - points @ points[chosen[0]]
    for _ in range(count - 1):
        odds = np.maximum(far, 0).astype(np.float64)
        total = odds.sum()
        chosen.append(int(rng.choice(len(points), p=odds / total) if total > 0 else rng.integers(len(points))))
        far = np.minimum(far, 1 - points @ points[chosen[-1]])
    return points[chosen].copy()


def _orthonormal(basis: Floats) -> Floats:
    """Return columns of length one, at right angles to each other, from which all those given can be made.

    They come from the small matrix of the columns' products: numpy's `qr` lets nothing else run meanwhile.
    """
    strengths, directions = _principal(basis)
    kept = strengths > strengths[-1] * _NOTHING
    return np.asarray(basis @ (directions[:, kept] / np.sqrt(strengths[kept])).astype(np.float32), np.float32)


def _principal(columns: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the squares of a matrix's strengths, in ascending order, and the direction of each among its columns."""
    precise = columns.astype(np.float64)
    strengths, directions = np.linalg.eigh(precise.T @ precise)
    return strengths, directions
