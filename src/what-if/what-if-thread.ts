import { giveWay } from '../thread.ts';

/** Nothing waits for it but one reader. Loading what it needs is no exception. */
giveWay(15);
void import('./answer-scans.ts');
