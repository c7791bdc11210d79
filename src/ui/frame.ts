/** Calls f before each paint until the returned function is called; used only by components that show something moving. */
export function everyFrame(f: () => void): () => void {
  let handle = requestAnimationFrame(function turn() {
    f();
    handle = requestAnimationFrame(turn);
  });
  return () => cancelAnimationFrame(handle);
}
