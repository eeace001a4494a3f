export { type KpiRequest, type KpiRun, kpis } from './kpis.ts';
export { cardTable, kpiTables } from './tables.ts';
