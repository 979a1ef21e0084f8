"""異体字: everyday variants of kanji that JIS X 0208 lacks, and the kanji they stand for in it.

Names and product names are full of them: 髙 is 高 and 﨑 is 崎 on every form of a bank or a
store. Those that Unicode itself calls the same (神 and 神) need no row here. A kanji without a
row, such as 琇 or 煜, has no twin: it cannot be carried.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What is written, then what is carried.
_PAIRS: Final = """
髙高 﨑崎 㟢崎 𥔎崎 德徳 惪徳 瀨瀬 濵浜 栁柳 桺柳 桒桑 曻昇 槗橋 𣘺橋 𠮷吉 𡈽土
圡土 𣳾泰 𩵋魚 㐂喜 憘喜 喆哲 悊哲 嶹島 隝島 隯島 嵓巌 寬寛 靑青 淸清 郞郎 﨨郎
緖緒 增増 黑黒 敎教 綠緑 橫横 步歩 每毎 戶戸 户戸 產産 說説 銳鋭 閱閲 彥彦 悅悦
晚晩 昻昂 曆暦 歷歴 歲歳 溫温 渴渇 煇輝 凞煕 卄廿 囯国 薰薫 蘒萩 裵裴 賴頼 鄕郷
鄉郷 錄録 鍊錬 驒騨 靍鶴 靏鶴 雞鶏 鷗鴎 鳯鳳 龢和 巢巣 娛娯 姬姫 姸妍 內内 兊兌
凑湊 凢凡 吕呂 吳呉 吴呉 吿告 尙尚 屛屏 屢屡 崐崑 幷并 廽廻 强強 徵徴 戾戻 揭掲
旣既 晳晰 朙明 眀明 曺曹 杦杉 枏楠 柟楠 柗松 柹柿 毗毘 涉渉 淚涙 减減 狀状 猨猿
玅妙 玆茲 畵画 硏研 禱祷 秊年 秌秋 稅税 絕絶 緣縁 繡繍 繫繋 羗羌 臯皐 萊莱 蔣蒋
虛虚 閒間 顚顛 黃黄 俠侠 俱倶 倂併 僲仙 冝宜 勛勲 厓崖 叅参 坵丘 夀寿 宻密 寍寧
寕寧 甯寧 岀出 帮幇 庒荘 昬昏 晣晢 毉医 焰焔 熖焔 琹琴 矦侯 釰剣 劎剣 鈆鉛 頰頬
騐験 麴麹 麵麺 鹼鹸 鼔鼓 剝剥 啞唖 喻喩 噓嘘 嚙噛 囊嚢 塡填 搔掻 摑掴 潑溌 瘦痩
簞箪 蔥葱 蟬蝉 蠟蝋 軀躯 醬醤 醱醗 𠮟叱
"""

VARIANTS: Final[Mapping[str, str]] = {pair[0]: pair[1] for pair in _PAIRS.split()}
