/** What goes on beside a part that scrolls sideways fades out there, so that one sees that there is more. */
export function scrollEdges(node: HTMLElement): () => void {
  const WIDTH = '28px';
  const look = (): void => {
    const { scrollLeft, clientWidth, scrollWidth } = node;
    const [before, after] = [scrollLeft > 1, scrollLeft + clientWidth < scrollWidth - 1];
    const [from, until] = [before ? WIDTH : '0px', after ? WIDTH : '0px'];
    node.style.maskImage =
      before || after ? `linear-gradient(to right, transparent, black ${from}, black calc(100% - ${until}), transparent)` : '';
  };
  node.addEventListener('scroll', look, { passive: true });
  const sizes = new ResizeObserver(look);
  const watch = (): void => {
    sizes.disconnect();
    for (const each of [node, ...node.children]) sizes.observe(each);
  };
  const children = new MutationObserver(watch);
  children.observe(node, { childList: true });
  watch();
  return () => {
    node.removeEventListener('scroll', look);
    sizes.disconnect();
    children.disconnect();
  };
}
