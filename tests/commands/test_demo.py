"""`chief-planner demo`: what it refuses before anything is made; what it plays is tested in tests/demo."""

from __future__ import annotations

import shutil

from webapp.demo.year.reading import OWN


def test_a_story_of_another_year_than_the_one_asked_for_is_refused(run, home):
    ended = run("demo", "--year", "2026", "--story", OWN)
    assert (ended.status, "故事讲的是 2025 年，不是 2026 年" in ended.err) == (1, True)
    assert not (home / "desk.db").exists()


def test_every_mistake_of_a_story_is_told_before_anything_is_made(run, home, tmp_path):
    folder = shutil.copytree(OWN, tmp_path / "story")
    table = folder / "activities.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("CP024", "CP999"), encoding="utf-8")
    ended = run("demo", "--story", folder)
    assert (ended.status, "没有首席规划师“CP999”" in ended.err) == (1, True)
    assert not (home / "desk.db").exists()


def test_a_folder_without_a_story_is_refused(run, tmp_path):
    assert "没有参数文件 story.json" in run("demo", "--year", "2025", "--story", tmp_path).err
    assert run("demo", "--story", tmp_path / "nowhere").status == 2


def test_an_installation_with_work_in_it_is_no_demonstration(run, installed, home):
    (home / "demonstration").write_text("", encoding="ascii")
    assert run("demo", "--if-missing").status == 0
    ended = run("demo", "--year", "2025")
    assert (ended.status, "已有演示安装" in ended.err) == (1, True)
