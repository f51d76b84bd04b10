import fc from 'fast-check';

export * from 'fast-check';

const { TRIPLINE_LAW_SEED = '20260101' } = process.env;

/** What is found depends on the change and not on luck; `random` looks for what nobody has met yet. */
if (TRIPLINE_LAW_SEED !== 'random') {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(TRIPLINE_LAW_SEED) });
}

// biome-ignore lint/style/noDefaultExport: it stands in for a package that has one
export default fc;
