import { describe, expect, it } from 'vitest';
import { facts } from '../../src/domain/events.ts';
import { namedPayload } from '../../src/domain/named-payload.ts';
import { answer, arrived, deadLettered, failed, succeeded } from './examples.ts';

const name = { size: 5_000, commitment: 'A'.repeat(43).concat('=') };

describe('what a fact names beside the log', () => {
  it.each([
    { ...arrived, data: { ...arrived.data, body: name } },
    { ...succeeded, data: { ...succeeded.data, answer: { ...answer, body: name } } },
    { ...failed, data: { ...failed.data, failure: { ...failed.data.failure, body: name } } },
    {
      ...deadLettered,
      data: { ...deadLettered.data, failure: { ...failed.data.failure, body: name } },
    },
  ])('is the body of $type', (fact) => {
    expect(facts[fact.type].schema.parse(fact.data)).toEqual(fact.data);
    expect(namedPayload(fact)).toEqual(name);
  });

  it.each([arrived, succeeded, failed, deadLettered])('is nothing where $type has it', (fact) => {
    expect(namedPayload(fact)).toBeUndefined();
  });

  it.each([
    ['another fact', { type: 'TriggerRetired', data: { triggerId: 't', body: name } }],
    ['no name', { type: 'EventArrived', data: { body: { size: -1, commitment: 'x' } } }],
    ['nothing to look into', { type: 'InvocationSucceeded', data: {} }],
    ['no object', { type: 'EventArrived', data: 'body' }],
    ['nothing', { type: 'EventArrived', data: null }],
  ])('is nothing in %s', (_, fact) => {
    expect(namedPayload(fact)).toBeUndefined();
  });
});
