// The page's end of the line: what a notebook gives a widget, over a socket.
import explorer from "./explorer.js";

const element = document.getElementById("explorer");
const listeners = [];
const address = new URL("socket", location.href.replace(/^http/, "ws"));
const socket = new WebSocket(address);
socket.binaryType = "arraybuffer";

// A message comes first, and after it as many buffers as it says.
let message = null;
let buffers = [];
socket.addEventListener("message", (event) => {
  if (typeof event.data === "string") {
    message = JSON.parse(event.data);
    buffers = [];
  } else {
    buffers.push(new DataView(event.data));
  }
  if (buffers.length === message.buffers) {
    listeners.forEach((listener) => listener(message, buffers));
  }
});

const model = {
  on: (kind, listener) => kind === "msg:custom" && listeners.push(listener),
  off: () => listeners.splice(0),
  send: (content) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(content)),
};
socket.addEventListener("open", () => explorer.render({ model, el: element }));
socket.addEventListener("close", () => {
  const told = document.createElement("p");
  told.className = "sim-gone";
  told.setAttribute("role", "alert");
  told.textContent = "The program that serves this page has ended. What is on the screen stays.";
  element.prepend(told);
});
