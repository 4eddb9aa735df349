"""What the recipes refuse; the integration tests run them."""

import runpy
import shutil
from pathlib import Path

import pytest

LOGIN = Path(__file__).parents[2] / "recipes" / "login" / "locustfile.py"


@pytest.mark.parametrize("password", [None, "\n"])
def test_the_login_has_no_password_of_its_own(tmp_path: Path, password: str | None) -> None:
    shutil.copy(LOGIN, tmp_path)
    if password is not None:
        (tmp_path / "page-password.txt").write_text(password)
    with pytest.raises(ValueError, match=r"^page-password\.txt beside the locustfile must hold"):
        runpy.run_path(str(tmp_path / "locustfile.py"))
