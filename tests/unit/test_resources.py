import pytest

from slicelab.core.errors import SlicelabError
from slicelab.core.resources import resource


def test_built_in_folder_is_found_in_the_checkout():
    assert resource("").is_dir()


def test_missing_resource_says_that_the_installation_is_incomplete():
    with pytest.raises(SlicelabError, match=r"icons/none\.svg") as caught:
        resource("icons/none.svg")
    assert "install slicelab again" in str(caught.value)
