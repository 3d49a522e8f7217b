"""Read by nbgrader for each user of the hub: what the course is called, where work is handed in."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "integrate-and-fire"
# A folder that all users share; nbgrader wants it writable by all (chmod 777).
c.Exchange.root = "/srv/nbgrader/exchange"
