"""导入: rows of a workbook put into a register, each judged as the procedures judge it (第十条、第十二条、第十四条)."""
