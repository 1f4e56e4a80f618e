"""P01 区县首席规划师选聘: the selection, from the survey of needs to the certificates (第六条)."""
