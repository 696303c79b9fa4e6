/** An answer that stands for some milliseconds; a failure does not. */
export function kept<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let asked = -Infinity;
  let answer: Promise<T> | undefined;
  return () => {
    if (answer !== undefined && performance.now() - asked < ms) return answer;
    asked = performance.now();
    const asking = ask();
    answer = asking;
    asking.catch(() => (answer = undefined));
    return asking;
  };
}
