"""Characters that stand for others, and characters nobody sees: the data of :mod:`yiyu.registry.rules.cleaning`."""

import re

_RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁"
    "⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼"
    "⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
"""Radical, ideograph, radical, ideograph: U+2E81 to U+2EF3 (Unicode, EquivalentUnifiedIdeograph.txt); NFKC knows two."""
_KANGXI = (
    "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生"
    "用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻"
    "黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠"
)
"""The ideographs of U+2F00 to U+2FD5, one after the other (the same file)."""
_GBK_PRIVATE = "厂𠂇𠂉𠃌乙㑳㑇刀㔾龴㖞㘚㘎小心㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠牛𡗗龸𤴔䁖䅟𥫗䌷㓁羊𦍌𢦏䎱䎬聿䏝䓖䙡䙌龹䜣䜩䝼䞍𧾷䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
"""What U+E815 to U+E864 became: the 80 characters of GBK at FE50 to FEA0, which had no place in Unicode then.

GB 18030-2000, and for the fourteen that stayed private until then GB 18030-2022, annex D; radicals as ideographs.
"""
_VERTICAL = "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
"""What U+E78D to U+E796 became (GB 18030-2022): marks of vertical text."""
_DESCRIPTIONS = "\u303e\u2ff0\u2ff1\u2ff2\u2ff3\u2ff4\u2ff5\u2ff6\u2ff7\u2ff8\u2ff9\u2ffa\u2ffb"
"""What U+E7E7 to U+E7F3 became (GB 18030-2000)."""

FROM_RADICAL = dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True)) | {
    chr(0x2F00 + at): sign for at, sign in enumerate(_KANGXI)
}
FROM_PRIVATE = {
    chr(first + at): sign
    for first, signs in ((0xE815, _GBK_PRIVATE), (0xE78D, _VERTICAL), (0xE7E7, _DESCRIPTIONS), (0xE7C7, "\u1e3f\u01f9"))
    for at, sign in enumerate(signs)
}
"""Private-use characters that a Chinese standard gave a place of their own since."""

UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffc"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000\U000e0001\U000e0080-\U000e0fff]"
)
"""What shows nothing wherever it stands: format characters, fillers, selectors of variants of ideographs."""
JOINING = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|[\u180b-\u180f\u200c\u200d\u202f\ufe00-\ufe0f\U000e0020-\U000e007f]"
)
"""The flag of a region whole, or a mark that shapes its neighbours in some scripts and shows nothing elsewhere."""
MONGOLIAN = re.compile("[\u1800-\u18af\U00011660-\U0001167f]")
SHAPED = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ua840-\ua87f\uaa60-\uaa7f\ufb50-\ufdff\ufe70-\ufefc\U00011660-\U0001167f]"
)
"""Letters that U+200C and U+200D join or part, and that have variants: Arabic, Indic, Burmese, Khmer, Mongolian, Phags-pa."""
PICTURE = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001faff]"
)
"""What may be an emoji, or part of one."""
TURNED = "\u202e"
"""Turns round all that follows it: what is seen is not what is kept."""
JOINERS = "\u200c\u200d"
PRESENTATIONS = "\ufe0e\ufe0f"
"""A picture as text or in colour."""
KEYCAP = "\u20e3"
NARROW_BLANK = "\u202f"
"""Stands before the suffixes of Mongolian words."""
