/**
 * Gathers what is said in one turn of the event loop into one message to another thread: waking a
 * thread costs more than what a call has to say.
 */
export const inBatches = <Item>(send: (items: readonly Item[]) => void): ((item: Item) => void) => {
  let items: Item[] = [];
  return (item) => {
    items.push(item);
    if (items.length > 1) return;
    setImmediate(() => {
      const said = items;
      items = [];
      send(said);
    });
  };
};
