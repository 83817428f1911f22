import { charts, dashboardTitle, sqlOf, type Chart, type ChartColumn, type Language } from './charts';

/** Stands for the connection until it is imported. */
const CONNECTION = 'connection';
/** Of 36 columns. */
const WIDTH = 18;
const HEIGHT = 16;

/**
 * A workbook as DataLens exports and imports it: a connection, a chart in SQL for each of ours, and a dashboard. Ids in
 * it are placeholders. DataLens only logs that the hash is not its own.
 */
export function datalensWorkbook(language: Language): object {
  return {
    export: {
      version: 'v1',
      entries: {
        connection: { [CONNECTION]: { connection: connection() } },
        widget: Object.fromEntries(charts.map((chart) => [chart.name, { widget: widget(chart, language) }])),
        dash: { dashboard: { dash: dashboard(language) } },
      },
    },
    hash: '',
  };
}

/** `dashsql` lets charts have SQL of their own. */
function connection(): object {
  return {
    name: 'Order Vault',
    db_type: 'postgres',
    host: 'localhost',
    port: 5432,
    db_name: 'order_vault',
    username: 'datalens',
    password: '******',
    raw_sql_level: 'dashsql',
    enforce_collate: 'auto',
    ssl_enable: 'off',
    data_export_forbidden: 'off',
    cache_ttl_sec: null,
  };
}

function widget(chart: Chart, language: Language): object {
  const query = sqlOf(chart, language);
  const fields = chart.columns.map((column) => field(column, language));
  return {
    name: chart.title[language],
    type: chart.kind === 'table' ? 'table_ql_node' : 'd3_ql_node',
    annotation: { description: '' },
    data: {
      shared: {
        version: '7',
        type: 'ql',
        chartType: 'sql',
        queryValue: query,
        queries: [],
        params: [],
        connection: { entryId: CONNECTION, type: 'postgres' },
        visualization: visualization(chart, fields),
        extraSettings: {},
        order: null,
        colors: [],
        labels: [],
        tooltips: [],
        shapes: [],
      },
    },
  };
}

interface Field {
  guid: string;
  title: string;
  [member: string]: unknown;
}

/** As DataLens makes of the columns of a query. */
function field({ title, type }: ChartColumn, language: Language): Field {
  const dataType = { text: 'string', integer: 'integer', numeric: 'float' }[type];
  return {
    guid: title[language],
    title: title[language],
    datasetId: 'ql-mocked-dataset',
    data_type: dataType,
    cast: dataType,
    type: 'DIMENSION',
    calc_mode: 'direct',
  };
}

function visualization({ kind }: Chart, fields: Field[]): object {
  const [label, value] = fields as [Field, Field];
  const place = (id: string, items: Field[]) => ({ id, type: id, items });
  switch (kind) {
    case 'pie':
      return {
        id: 'pie',
        type: 'pie',
        placeholders: [place('dimensions', []), place('colors', [label]), place('measures', [value])],
      };
    case 'bar':
      return { id: 'bar', type: 'column', placeholders: [place('y', [label]), place('x', [value])] };
    case 'table':
      return { id: 'flatTable', type: 'table', placeholders: [place('flat-table-columns', fields)] };
  }
}

function dashboard(language: Language): object {
  return {
    name: dashboardTitle[language],
    annotation: { description: '' },
    data: {
      salt: '0.1',
      counter: 1 + 2 * charts.length,
      schemeVersion: 8,
      settings: {
        autoupdateInterval: null,
        maxConcurrentRequests: null,
        silentLoading: false,
        dependentSelectors: true,
        hideTabs: false,
        hideDashTitle: false,
        expandTOC: false,
      },
      tabs: [
        {
          id: 'tab',
          title: dashboardTitle[language],
          aliases: {},
          connections: [],
          items: charts.map(({ name, title }) => ({
            id: `item_${name}`,
            namespace: 'default',
            type: 'widget',
            data: {
              hideTitle: false,
              tabs: [
                {
                  id: `widget_${name}`,
                  title: title[language],
                  description: '',
                  chartId: name,
                  isDefault: true,
                  params: {},
                },
              ],
            },
          })),
          layout: charts.map(({ name }, place) => ({
            i: `item_${name}`,
            x: (place % 2) * WIDTH,
            y: Math.floor(place / 2) * HEIGHT,
            w: WIDTH,
            h: HEIGHT,
          })),
        },
      ],
    },
  };
}
