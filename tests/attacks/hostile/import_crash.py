# Crashes at import, and would take the points of everybody with it. (earns 0)
raise BaseException("crash at import")
