"""Money: kept in fen as whole numbers, read and shown in yuan with two decimals (第九条)."""

from __future__ import annotations

from decimal import Decimal

FEN_OF_A_YUAN = 100


def in_yuan(fen: int) -> str:
    """An amount as people read it.

    >>> in_yuan(123450), in_yuan(-5)
    ('¥1,234.50', '-¥0.05')
    """
    yuan, rest = divmod(abs(fen), FEN_OF_A_YUAN)
    return f"{'-' if fen < 0 else ''}¥{yuan:,}.{rest:02}"


def yuan_of(fen: int) -> Decimal:
    """An amount in yuan, as a spreadsheet holds it.

    >>> yuan_of(123450)
    Decimal('1234.50')
    """
    return (Decimal(fen) / FEN_OF_A_YUAN).quantize(Decimal("0.01"))


def fen_of(yuan: Decimal) -> int:
    """An amount in fen; `ValueError` for less than a fen or for less than nothing.

    >>> fen_of(Decimal("1234.5"))
    123450
    """
    fen = yuan * FEN_OF_A_YUAN
    if fen != fen.to_integral_value() or fen < 0:
        raise ValueError(yuan)
    return int(fen)
