"""Two views of a slice: places correspond, and slices of the same anatomy are no negatives."""

from __future__ import annotations

import pytest
import torch

from slicelab.jobs.settings import ContrastiveSettings
from slicelab.learn.augment import read_at
from slicelab.learn.views import View, draw_places, draw_views, features_at, same_anatomy, same_place

PLAIN = ContrastiveSettings(contrast=0.0, brightness=0.0)
MATRIX = 64


def coordinate_image(batch: int, side: int) -> torch.Tensor:
    """Two channels that hold x and y, pixels from the centre."""
    line = torch.arange(side) - (side - 1) / 2
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y]).expand(batch, -1, -1, -1)


def test_places_land_on_the_same_tissue_in_both_views() -> None:
    chance = torch.Generator().manual_seed(0)
    views = draw_views(PLAIN, 0.4, 16, MATRIX, chance)
    places = draw_places(*views, 50, MATRIX, chance)
    image = coordinate_image(16, 96)  # a frame larger than the window
    read = []
    for view in views:
        rendered = read_at(image, view.points(MATRIX))  # what the view shows: the coordinates it was read from
        read.append(features_at(rendered, view, places, stride=1, region=1))
    inside = (read[0].abs() < MATRIX / 2 - 2).all(-1) & (read[1].abs() < MATRIX / 2 - 2).all(-1)
    for view in views:  # within half a pixel of the rim of a view, the rim's zeros are read
        inside &= (view.seen_from(places).abs() < MATRIX / 2 - 1).all(-1)
    assert inside.float().mean() > 0.7
    assert (read[0] - read[1])[inside].abs().max() < 0.01
    assert (read[0] - places)[inside].abs().max() < 0.01


def test_places_correspond_on_a_coarse_feature_map_too() -> None:
    chance = torch.Generator().manual_seed(1)
    views = draw_views(PLAIN, 0.6, 8, MATRIX, chance)
    places = draw_places(*views, 50, MATRIX, chance)
    image = coordinate_image(8, 96)
    for view in views:
        coarse = torch.nn.functional.avg_pool2d(read_at(image, view.points(MATRIX)), 4)
        read = features_at(coarse, view, places, stride=4, region=1)
        inside = (view.seen_from(places).abs() < MATRIX / 2 - 3).all(-1)
        assert (read - places)[inside].abs().max() < 0.01


@pytest.mark.parametrize("region", [1, 3, 5])
def test_a_place_is_the_mean_of_the_square_of_feature_pixels_around_it(region: int) -> None:
    features = torch.rand(1, 4, 16, 16, generator=torch.Generator().manual_seed(5))
    still = View(torch.zeros(1, 2), torch.ones(1), torch.ones(1), torch.zeros(1))
    row, column, reach = 5, 8, region // 2
    place = (torch.tensor([[[column, row]]]) - 7.5) * 4.0  # pixels from the centre; a feature pixel spans four
    found = features_at(features, still, place, stride=4, region=region)
    square = features[0, :, row - reach : row + reach + 1, column - reach : column + reach + 1]
    torch.testing.assert_close(found[0, 0], square.mean(dim=(1, 2)))


def test_all_places_lie_in_both_crops_however_small_these_are() -> None:
    chance = torch.Generator().manual_seed(2)
    views = draw_views(PLAIN, 0.25, 64, MATRIX, chance)
    places = draw_places(*views, 20, MATRIX, chance)
    for view in views:
        assert (view.seen_from(places).abs() <= MATRIX / 2 + 1e-3).all()


def test_slices_of_the_same_anatomy_are_no_negatives() -> None:
    case, index = torch.tensor([0, 0, 0, 1]), torch.tensor([0, 2, 9, 0])
    position = torch.tensor([0.05, 0.25, 0.95, 0.05])
    settings = ContrastiveSettings(exclude_position=0.2, exclude_neighbours=2)
    excluded = same_anatomy(case, index, position, settings)
    assert excluded[0].tolist() == [True, True, False, True]
    assert excluded[2].tolist() == [False, False, True, False]


def test_a_slice_drawn_twice_is_no_negative_of_itself_even_where_all_others_are() -> None:
    case, index = torch.tensor([0, 0, 1, 0]), torch.tensor([3, 4, 3, 3])
    every = ContrastiveSettings(exclude_position=0, exclude_neighbours=0)
    excluded = same_anatomy(case, index, torch.full((4,), 0.5), every)
    assert torch.nonzero(excluded.triu(diagonal=1)).tolist() == [[0, 3]]


def test_near_places_are_no_negatives_and_only_so_many_are_drawn() -> None:
    places = torch.rand(3, 40, 2, generator=torch.Generator().manual_seed(3)) * 128
    chance = torch.Generator().manual_seed(4)
    every = same_place(places, 4.0, ContrastiveSettings(negative_distance=8.0), chance)
    assert torch.equal(every, torch.cdist(places, places) / 4.0 < 8.0)
    drawn = same_place(places, 4.0, ContrastiveSettings(negative_distance=8.0, local_negatives=5), chance)
    assert drawn[every].all()
    assert ((~drawn).sum(-1) == torch.minimum((~every).sum(-1), torch.tensor(5))).all()


def test_a_place_is_no_negative_of_itself_where_any_other_may_be_one() -> None:
    places = torch.rand(3, 8, 2, generator=torch.Generator().manual_seed(3)) * 128
    near = ContrastiveSettings(negative_distance=0.0, local_negatives=5)
    drawn = same_place(places, 4.0, near, torch.Generator().manual_seed(4))
    assert drawn.diagonal(dim1=1, dim2=2).all()
    assert ((~drawn).sum(-1) == 5).all()
