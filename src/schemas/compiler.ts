import type { Json, JsonObject } from '../domain/json.ts';
import type { PatternTest } from '../filters/jsonpath/pattern/pattern-test.ts';
import { arrays, lastOfArrays } from './arrays.ts';
import { combined } from './combined.ts';
import { type Linked, refuseCycles } from './cycles.ts';
import { isObject, type Keyword, noSchema, objectIn, token } from './keyword.ts';
import { lastOfObjects, objects } from './objects.ts';
import { linearPattern } from './pattern.ts';
import type { Evaluated, Rule, Run } from './run.ts';
import { scalars } from './scalars.ts';

const maxSchemas = 2_000;
const maxDepth = 32;
const maxPatterns = 100;
/** A test of a pattern makes room for its states, however short the text. */
const stepsOfTest = 20;
const noPattern = 'must be a pattern of I-Regexp (RFC 9485), \\d, \\w and \\s included';

const tables = [scalars, combined, objects, arrays, lastOfObjects, lastOfArrays];
const keywords = tables.flatMap((table) => Object.entries(table));

interface Node extends Linked {
  rules: readonly Rule[];
}

const refused = ['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'];

const never: Rule = (value, at, run) => run.refuse(at, 'must not be there', value);

const holds = ({ rules }: Node): Rule => {
  return (value, at, run: Run, evaluated: Evaluated) =>
    run.deeper(() => {
      let isRight = true;
      for (const rule of rules) isRight = rule(value, at, run, evaluated) && isRight;
      return isRight;
    });
};

/** Builds the rules of one schema and of all within it. */
export class Compiler {
  private readonly nodes = new Map<string, Node>();
  private readonly anchors = new Map<string, Node>();
  private readonly patterns = new Map<string, PatternTest>();
  private readonly references: (() => void)[] = [];

  compile(schema: Json): Rule {
    const root = this.node(schema, '', 0);
    for (const resolve of this.references) resolve();
    refuseCycles(this.nodes.values());
    return this.ruleOf(root);
  }

  /** Rules are looked up when they are asked: a schema may refer to one that is not built yet. */
  private ruleOf(node: Node): Rule {
    return (...it) => holds(node)(...it);
  }

  private node(schema: Json, at: string, depth: number): Node {
    const known = this.nodes.get(at);
    if (known) return known;
    if (depth > maxDepth) throw noSchema(at, `is nested deeper than ${maxDepth}`);
    if (this.nodes.size === maxSchemas) throw noSchema(at, `is one of more than ${maxSchemas}`);
    const node: Node = { at, rules: [], inPlace: [] };
    this.nodes.set(at, node);
    if (typeof schema === 'boolean') node.rules = schema ? [] : [never];
    else if (isObject(schema)) node.rules = this.rules(schema, node, depth);
    else throw noSchema(at, 'must be a schema: an object, true or false');
    return node;
  }

  private rules(schema: JsonObject, node: Node, depth: number): readonly Rule[] {
    this.identify(schema, node, depth);
    const rules: Rule[] = [];
    const { $ref } = schema;
    if ($ref !== undefined) rules.push(this.reference($ref, node));
    for (const [name, keyword] of keywords) {
      const value = Object.hasOwn(schema, name) ? schema[name] : undefined;
      if (value !== undefined)
        rules.push(this.rule(keyword, value, `${node.at}/${name}`, schema, node, depth));
    }
    return rules;
  }

  private rule(
    keyword: Keyword,
    value: Json,
    at: string,
    schema: JsonObject,
    node: Node,
    depth: number,
  ): Rule {
    const sub = (inner: Json, path = '', inPlace = false): Rule => {
      const place = `${at}${path}`.replace(/\/[^/]+\/\.\./, '');
      const below = this.node(inner, place, depth + 1);
      if (inPlace) node.inPlace.push(below);
      return this.ruleOf(below);
    };
    return keyword(value, { at, schema, sub, pattern: (text, place) => this.pattern(text, place) });
  }

  private pattern(text: string, at: string): PatternTest {
    const test = this.patterns.get(text) ?? linearPattern(text);
    if (test === undefined) throw noSchema(at, noPattern);
    this.patterns.set(text, test);
    if (this.patterns.size > maxPatterns)
      throw noSchema(at, `is one of more than ${maxPatterns} patterns`);
    return (value, steps) => {
      steps.take(stepsOfTest);
      return test(value, steps);
    };
  }

  private identify(schema: JsonObject, node: Node, depth: number): void {
    for (const name of refused)
      if (schema[name] !== undefined) throw noSchema(`${node.at}/${name}`, 'is not taken here');
    const { $anchor: anchor, $defs: definitions = {}, $id } = schema;
    if ($id !== undefined && node.at !== '')
      throw noSchema(`${node.at}/$id`, 'may stand in the outermost schema only');
    if (typeof anchor === 'string') this.anchors.set(anchor, node);
    for (const [name, inner] of Object.entries(objectIn(definitions, { at: `${node.at}/$defs` })))
      this.node(inner, `${node.at}/$defs/${token(name)}`, depth + 1);
  }

  private reference(value: Json, node: Node): Rule {
    const at = `${node.at}/$ref`;
    if (typeof value !== 'string') throw noSchema(at, 'must be a string');
    if (!value.startsWith('#'))
      throw noSchema(at, 'must begin with #: only schemas of the same document can be referred to');
    let target: Rule | undefined;
    this.references.push(() => {
      const found = this.named(value.slice(1));
      if (!found) throw noSchema(at, `names no schema of this document: ${value.slice(0, 100)}`);
      node.inPlace.push(found);
      target = this.ruleOf(found);
    });
    return (...it) => target === undefined || target(...it);
  }

  private named(fragment: string): Node | undefined {
    try {
      const name = decodeURIComponent(fragment);
      return this.nodes.get(name) ?? this.anchors.get(name);
    } catch {
      return undefined;
    }
  }
}
