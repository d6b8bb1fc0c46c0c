// @ts-check
// A video that plays here, after the reader's click and not before; without this script its link leads to the provider.
customElements.define(
  "click-embed",
  class extends HTMLElement {
    connectedCallback() {
      const button = document.createElement("button");
      button.className = "button button--quiet embed__play";
      button.textContent = this.getAttribute("play") ?? "";
      button.addEventListener("click", () => {
        const frame = document.createElement("iframe");
        frame.src = this.getAttribute("src") ?? "";
        frame.title = this.getAttribute("name") ?? "";
        frame.allow = "fullscreen; autoplay";
        frame.referrerPolicy = "strict-origin";
        this.replaceChildren(frame);
        frame.focus();
      });
      this.append(button);
    }
  },
);
