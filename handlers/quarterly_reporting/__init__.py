"""季度报告与通报: what a district reports each quarter, and what the HR bureau is told of it (第十二、十三条)."""
