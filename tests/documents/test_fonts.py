"""The shipped faces hold every character that the names of people and places here are written with."""

from __future__ import annotations

from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from processes.documents.font_subsets import characters_for_text, characters_for_titles
from processes.documents.fonts import SHIPPED
from processes.documents.line_breaking import NEVER_FIRST, NEVER_LAST, lines_of

PLACES = """
万州区 涪陵区 渝中区 大渡口区 江北区 沙坪坝区 九龙坡区 南岸区 北碚区 綦江区 大足区 渝北区 巴南区 黔江区 长寿区 江津区
合川区 永川区 南川区
璧山区 铜梁区 潼南区 荣昌区 开州区 梁平区 武隆区 城口县 丰都县
垫江县 忠县 云阳县 奉节县 巫山县 巫溪县 石柱土家族自治县 秀山土家族苗族自治县
酉阳土家族苗族自治县 彭水苗族土家族自治县 两江新区 西部科学城重庆高新区 万盛经济技术开发区
人民政府 管理委员会 规划和自然资源局
重庆高新技术产业开发区管理委员会 国家级新区直管区
"""
SURNAMES = """
王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆
郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝
左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边净阴闫佘练肖代欧阳上官司马
诸葛东方皇甫尉迟公孙慕容令狐夏侯澹台宇文长孙鲜于闾丘亓官逄麹仉郄郗邰郜郏郇亓卞缪蔺綦
"""
GIVEN_NAMES = """
伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建国文斌鹏辉玲飞波宇浩凯晨阳欣怡子涵梓轩雨桐思源云帆晓岚家骏正平若溪书琴志恒启航少川海燕国栋
静宜一帆立群建业文倩明远喆堃昇祎赟翀晟昊昱昕晗暄睿琪瑜瑾瑶璇璐琳琦珺玥珂玮琛琨璟瑄媛婧婷妍姝嫣娴钰铭锴鑫鋆钧铄镕锟焱煜烨炜燊燚彧骁骅骥翊翎
翾羿旻旸晔晞曦朦骞骐骦鹍鹏飏飚珅玘祺禛禹禾秾竑筠箐簃粲绮缦翃耘苡茜荟莞菡萱蓁蔚蕊薇藜蘅衎裕诣谌谟赟跃轶辰迪逸遥邈郅酆钊铠镔闳陟隽霁霖靓
韬韫颀颢飒馨骊魁麒麟黛龢阿依努尔·买买提古丽艾合麦提江才让卓玛扎西德吉仁增阿米娜帕提曼
"""
FACES = ("kai.ttf", "song.otf")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("names", [PLACES, SURNAMES, GIVEN_NAMES], ids=["places", "surnames", "given names"])
def test_names_of_people_and_places_can_be_printed(face, names):
    with TTFont(SHIPPED / face) as font:
        have = set(font.getBestCmap())
    assert sorted(set(names) - {"\n"} - set(map(chr, have))) == []


@pytest.mark.parametrize(
    ("face", "wanted"),
    [("kai.ttf", characters_for_text), ("song.otf", characters_for_text), ("song-bold.otf", characters_for_titles)],
)
def test_a_face_holds_every_character_it_was_cut_for(face, wanted):
    with TTFont(SHIPPED / face) as font:
        assert wanted() <= set(map(chr, font.getBestCmap()))


@pytest.mark.parametrize("face", ["kai.ttf", "song.otf", "song-bold.otf"])
def test_a_face_bears_a_name_of_its_own_and_its_licence(face):
    with TTFont(SHIPPED / face) as font:
        names = {record.nameID: record.toUnicode() for record in font["name"].names}
    assert names[1].startswith("Desk ")
    for reserved in ("LXGW", "霞鹜", "Source", "Noto"):
        assert reserved not in names[1] + names[4] + names[6]
    assert "SIL Open Font License" in names[13]
    assert face in (SHIPPED / "OFL.txt").read_text(encoding="utf-8")


def test_the_faces_together_stay_small():
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 10_000_000


SENTENCE = (
    "根据《重庆市区县首席规划师管理办法》（渝府发〔2024〕12号），经研究，现聘任您为渝中区首席规划师，"
    "聘期自2025年5月1日起。"
)


@pytest.mark.parametrize("width", range(8, 40))
def test_lines_lose_nothing_and_begin_and_end_as_chinese_lines_do(width):
    lines = lines_of(SENTENCE, width, 2, len)
    assert "".join(lines) == SENTENCE
    assert all(len(line) <= width for line in lines)
    assert not any(line[0] in NEVER_FIRST for line in lines[1:])
    assert not any(line[-1] in NEVER_LAST for line in lines[:-1])
    assert not any(before[-1].isdigit() and after[0].isdigit() for before, after in pairwise(lines))


def test_text_that_fits_is_one_line_and_no_text_is_none():
    assert lines_of("特颁此证。", 30, 2, len) == ["特颁此证。"]
    assert lines_of("", 30, 2, len) == []
