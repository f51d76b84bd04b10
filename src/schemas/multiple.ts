/** A number's decimal digits and the power of ten behind them. */
const decimalOf = (number: number): readonly [bigint, number] => {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
};

/** In decimal, as both were written: 0.3 is a multiple of 0.1. */
export const isMultiple = (number: number, divisor: number): boolean => {
  const [digits, power] = decimalOf(number);
  const [ownDigits, ownPower] = decimalOf(divisor);
  const least = Math.min(power, ownPower);
  const scaled = digits * 10n ** BigInt(power - least);
  return scaled % (ownDigits * 10n ** BigInt(ownPower - least)) === 0n;
};
