"""Imports a workbook into Superset, and prints what the API answers for each chart: {uuid: {"columns", "rows"}}.

Usage: show-charts.py WORKBOOK URI-OF-THE-WAREHOUSE, in an environment whose SUPERSET_CONFIG_PATH names an empty metadata database.
"""

import json
import sys
from zipfile import ZipFile

from flask import g
from superset.app import create_app

workbook, uri = sys.argv[1:]
app = create_app()
with app.app_context():
    from superset import db, security_manager
    from superset.commands.dashboard.importers.dispatcher import ImportDashboardsCommand
    from superset.commands.importers.v1.utils import get_contents_from_bundle
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard

    security_manager.sync_role_definitions()
    admin = security_manager.add_user("admin", "A", "D", "admin@localhost", security_manager.find_role("Admin"), "admin")
    g.user = admin
    with ZipFile(workbook) as bundle:
        contents = get_contents_from_bundle(bundle)
    passwords = {name: "the dialog asks for it" for name in contents if name.startswith("databases/")}
    ImportDashboardsCommand(contents, passwords=passwords).run()
    db.session.query(Database).one().set_sqlalchemy_uri(uri)
    db.session.commit()

    client = app.test_client()
    signed_in = client.post(
        "/api/v1/security/login", json={"username": "admin", "password": "admin", "provider": "db", "refresh": False}
    )
    headers = {"Authorization": f"Bearer {signed_in.json['access_token']}"}
    shown = {}
    for chart in db.session.query(Dashboard).one().slices:
        answer = client.get(f"/api/v1/chart/{chart.id}/data/", headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{chart.slice_name}: {answer.status_code} {answer.text}")
        [result] = answer.json["result"]
        shown[str(chart.uuid)] = {"columns": result["colnames"], "rows": result["data"]}
    print("SHOWN " + json.dumps(shown))
