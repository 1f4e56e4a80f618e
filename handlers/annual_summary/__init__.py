"""年度总结: the yearly report for the leaders, the HR bureau and the summary meeting (第一、十一、十三条)."""
