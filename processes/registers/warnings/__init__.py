"""预警: what is about to be missed, read from the records with a fixed number of questions (第六、八、十二、十五条)."""
