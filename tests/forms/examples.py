"""A small good form, and ways to spoil it."""

from __future__ import annotations

GOOD = """\
format: 1
id: small
version: "1"
title: {zh: 小表, en: Small}
category: fire
documents:
  law:
    title: 示例法
    short: 示例法
    in_force: 2009-05-01
    status: verified
  old:
    title: 旧规定
    superseded: true
sections:
  - id: one
    title: {zh: 第一类, en: One}
    items:
      - id: A-01
        question: {zh: 是否有制度？, en: Are there rules?}
        method: {zh: 查, en: Read}
        answer: {kind: conformity}
        basis:
          - {document: law, clause: 第一条, verified: true}
          - {document: old, clause: 第九条, verified: false}
        severity: major
        criterion: {document: law, clause: 第三条, verified: true}
        reason: {zh: 直接判定, en: Direct}
        action: {zh: 补, en: Add}
        days: 7
      - id: A-02
        question: {zh: 多宽？, en: How wide?}
        method: {zh: 量, en: Measure}
        answer:
          kind: decimal
          unit: {zh: 米, en: m}
          min: "0.90"
          max: "4.0"
        basis: [{document: law, clause: 第二条, verified: true}]
        severity: general
        reason: {zh: 局部, en: Local}
        action: {zh: 改, en: Change}
        days: 0
        photo: on_fail
        applies: [{kinds: [primary], has: [canteen]}]
        when: ${A-01} = 'pass'
"""


def spoilt(old: str, new: str) -> tuple[bytes, int]:
    """The good form with one piece changed, and the line of the change."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new).encode(), GOOD[: GOOD.index(old)].count("\n") + 1
