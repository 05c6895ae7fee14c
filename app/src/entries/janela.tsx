import { boot } from "../boot";
import { Console } from "../console/console";

boot(<Console />, "console");
