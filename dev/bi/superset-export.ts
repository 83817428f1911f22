import { hashKey } from '@app/data-vault/hash-key';
import { charts, dashboardTitle, sqlOf, type Chart, type Language } from './charts';

const VERSION = '1.0.0';
const DATABASE = 'Order_Vault';
/** Superset asks for a password where it finds this. */
const MASK = 'XXXXXXXXXX';
/** Of 12 columns. */
const CHART_WIDTH = 6;
const CHART_HEIGHT = 50;

const databaseUuid = hashKey('superset_database', DATABASE);
const uuidOf = (kind: string, language: Language, name: string) =>
  hashKey(`superset_${kind}`, language, name);

/** The files of an export of Superset, by path: a dashboard with its charts, datasets and database. */
export function supersetExport(language: Language): Record<string, object> {
  const files: Record<string, object> = {
    'metadata.yaml': { version: VERSION, type: 'Dashboard', timestamp: '2026-01-01T00:00:00+00:00' },
    [`databases/${DATABASE}.yaml`]: {
      database_name: DATABASE,
      sqlalchemy_uri: `postgresql+psycopg2://superset:${MASK}@localhost:5432/order_vault`,
      expose_in_sqllab: true,
      allow_dml: false,
      extra: { allows_virtual_table_explore: true },
      uuid: databaseUuid,
      version: VERSION,
    },
    [`dashboards/order_vault_${language}.yaml`]: dashboard(language),
  };
  for (const chart of charts) {
    files[`datasets/${DATABASE}/${chart.name}_${language}.yaml`] = dataset(chart, language);
    files[`charts/${chart.name}_${language}.yaml`] = slice(chart, language);
  }
  return files;
}

function dataset(chart: Chart, language: Language): object {
  const types = { text: 'TEXT', integer: 'BIGINT', numeric: 'NUMERIC' };
  return {
    table_name: `${chart.name}_${language}`,
    description: chart.title[language],
    schema: 'report',
    sql: sqlOf(chart, language),
    columns: chart.columns.map(({ title, type }) => ({
      column_name: title[language],
      type: types[type],
      groupby: true,
      filterable: true,
      is_dttm: false,
    })),
    metrics: [{ metric_name: 'count', expression: 'COUNT(*)' }],
    uuid: uuidOf('dataset', language, chart.name),
    database_uuid: databaseUuid,
    version: VERSION,
  };
}

interface Visualization {
  type: string;
  [parameter: string]: unknown;
}

function slice(chart: Chart, language: Language): object {
  const { type, ...params } = visualization(chart, language);
  return {
    slice_name: chart.title[language],
    viz_type: type,
    params: { viz_type: type, ...params },
    query_context: JSON.stringify(queryContext(chart, language, params)),
    uuid: uuidOf('chart', language, chart.name),
    dataset_uuid: uuidOf('dataset', language, chart.name),
    version: VERSION,
  };
}

/** What the page of Superset would ask for: with it the API answers too. Superset puts in the number of the dataset. */
function queryContext({ columns }: Chart, language: Language, params: Record<string, unknown>): object {
  const names = columns.map(({ title }) => title[language]);
  const metric = params.metric ?? (params.metrics as unknown[] | undefined)?.[0];
  const query = metric
    ? { columns: names.slice(0, 1), metrics: [metric], orderby: [[metric, false]] }
    : { columns: names, metrics: [], orderby: [] };
  return {
    datasource: { id: 0, type: 'table' },
    force: false,
    queries: [{ ...query, filters: [], extras: {}, row_limit: params.row_limit, time_range: 'No filter' }],
    form_data: {},
    result_format: 'json',
    result_type: 'full',
  };
}

function visualization({ kind, columns }: Chart, language: Language): Visualization {
  const names = columns.map(({ title }) => title[language]);
  const [label, value] = names as [string, string];
  const sum = {
    expressionType: 'SQL',
    sqlExpression: `sum("${value}")`,
    label: value,
    hasCustomLabel: true,
    optionName: `metric_${value}`,
  };
  switch (kind) {
    case 'pie':
      return {
        type: 'pie',
        groupby: [label],
        metric: sum,
        row_limit: 100,
        sort_by_metric: true,
        donut: true,
        label_type: 'key_percent',
        show_legend: true,
      };
    case 'bar':
      return {
        type: 'echarts_timeseries_bar',
        x_axis: label,
        metrics: [sum],
        groupby: [],
        orientation: 'horizontal',
        x_axis_sort: value,
        x_axis_sort_asc: true,
        row_limit: 100,
        show_legend: false,
      };
    case 'table':
      return { type: 'table', query_mode: 'raw', all_columns: names, order_by_cols: [], row_limit: 100 };
  }
}

function dashboard(language: Language): object {
  return {
    dashboard_title: dashboardTitle[language],
    slug: `order-vault-${language}`,
    uuid: uuidOf('dashboard', language, 'order_vault'),
    position: position(language),
    metadata: {},
    version: VERSION,
  };
}

/** Two charts a row. */
function position(language: Language): object {
  const rows = Array.from({ length: Math.ceil(charts.length / 2) }, (_, row) => `ROW-${row}`);
  const places: Record<string, object> = {
    DASHBOARD_VERSION_KEY: 'v2' as unknown as object,
    ROOT_ID: { type: 'ROOT', id: 'ROOT_ID', children: ['GRID_ID'] },
    GRID_ID: { type: 'GRID', id: 'GRID_ID', children: rows, parents: ['ROOT_ID'] },
    HEADER_ID: { type: 'HEADER', id: 'HEADER_ID', meta: { text: dashboardTitle[language] } },
  };
  for (const [row, id] of rows.entries()) {
    places[id] = {
      type: 'ROW',
      id,
      children: charts.slice(2 * row, 2 * row + 2).map(({ name }) => `CHART-${name}`),
      meta: { background: 'BACKGROUND_TRANSPARENT' },
      parents: ['ROOT_ID', 'GRID_ID'],
    };
  }
  for (const [place, { name, title }] of charts.entries()) {
    places[`CHART-${name}`] = {
      type: 'CHART',
      id: `CHART-${name}`,
      children: [],
      meta: {
        width: CHART_WIDTH,
        height: CHART_HEIGHT,
        chartId: place + 1,
        uuid: uuidOf('chart', language, name),
        sliceName: title[language],
      },
      parents: ['ROOT_ID', 'GRID_ID', rows[Math.floor(place / 2)]],
    };
  }
  return places;
}
