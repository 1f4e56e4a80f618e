// The page on which a diagram is drawn: canvas, properties, checks, saving. What it shows comes from the server.
import "./modeler.css";
import { start } from "./desk/page.jsx";

const page = document.querySelector("[data-modeler]");
if (page) window.studio = start(page);
