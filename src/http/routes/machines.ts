import { z } from 'zod';
import { diagramOf } from '../../domain/diagram.ts';
import { machineJsonOf } from '../../domain/machine-json.ts';
import { machines as all } from '../../domain/machines.ts';
import { notFound } from '../../operations/existing.ts';
import { resource, row } from './rows.ts';

const Machine = z
  .object({
    id: z.string(),
    initial: z.string(),
    states: z.record(
      z.string(),
      z.object({
        type: z.literal('final').optional(),
        tags: z.array(z.string()).optional(),
        /** Where each fact leads. */
        on: z.record(z.string(), z.string()),
      }),
    ),
  })
  .meta({ id: 'Machine' });

const toWire = (machine: Parameters<typeof machineJsonOf>[0]): z.infer<typeof Machine> =>
  structuredClone(machineJsonOf(machine)) as z.infer<typeof Machine>;

/** The rules that run, for whoever wants to see them; the same for every installation, so no token. */
export const machines = resource({ tag: 'machines', at: '/machines', right: 'public' }, () => [
  row({
    operationId: 'listMachines',
    method: 'GET',
    path: '',
    summary: 'List the state machines that decide what may happen',
    answer: z.object({ machines: z.array(Machine) }),
    handle: () => ({ machines: [...all.values()].map(toWire) }),
  }),
  row({
    operationId: 'getMachine',
    method: 'GET',
    path: '/:name',
    summary: 'Read a state machine, as XState JSON or as a Mermaid diagram',
    query: z.strictObject({ format: z.enum(['xstate', 'mermaid']).default('xstate') }),
    answer: Machine,
    handle: ({ params: { name }, query: { format } }, reply) => {
      const machine = all.get(name);
      if (!machine) throw notFound('machine');
      if (format === 'xstate') return toWire(machine);
      return reply
        .type('text/vnd.mermaid; charset=utf-8')
        .serializer(String)
        .send(diagramOf(machine));
    },
  }),
]);
