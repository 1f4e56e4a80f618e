"""办法全文: the regulation's own text, article by article, and where each article is at work in the desk."""
