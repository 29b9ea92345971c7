// The build writes this constant before service_worker.js.
declare const SITE: { version: string; files: Record<string, string>; parts: string[] };
