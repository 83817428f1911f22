"""Imports a workbook into Superset, and prints what the API answers for each chart: {uuid: {"columns", "rows"}}.

Usage: show-charts.py WORKBOOK URI-OF-THE-WAREHOUSE, in an environment whose SUPERSET_CONFIG_PATH names an empty metadata database.
"""

import json
import sys
from zipfile import ZipFile

from flask import g
from superset.app import create_app


def import_workbook(path, uri):
    """As an administrator does: the charts of the dashboard by their numbers, {id: uuid}."""
    from superset import db, security_manager
    from superset.commands.dashboard.importers.dispatcher import ImportDashboardsCommand
    from superset.commands.importers.v1.utils import get_contents_from_bundle
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard

    security_manager.sync_role_definitions()
    g.user = security_manager.add_user(
        "admin", "A", "D", "admin@localhost", security_manager.find_role("Admin"), "admin"
    )
    with ZipFile(path) as bundle:
        contents = get_contents_from_bundle(bundle)
    passwords = {name: "any" for name in contents if name.startswith("databases/")}
    ImportDashboardsCommand(contents, passwords=passwords).run()
    db.session.query(Database).one().set_sqlalchemy_uri(uri)
    db.session.commit()
    return {chart.id: str(chart.uuid) for chart in db.session.query(Dashboard).one().slices}


def ask(client, chart):
    """The columns and rows of a chart, as a browser gets them."""
    answer = client.get(f"/api/v1/chart/{chart}/data/", headers=headers)
    if answer.status_code != 200:
        raise SystemExit(f"chart {chart}: {answer.status_code} {answer.text}")
    [result] = answer.json["result"]
    return {"columns": result["colnames"], "rows": result["data"]}


app = create_app()
with app.app_context():
    charts = import_workbook(*sys.argv[1:])
client = app.test_client()
account = {"username": "admin", "password": "admin", "provider": "db", "refresh": False}
token = client.post("/api/v1/security/login", json=account).json["access_token"]
headers = {"Authorization": f"Bearer {token}"}
print("SHOWN " + json.dumps({uuid: ask(client, chart) for chart, uuid in charts.items()}))
