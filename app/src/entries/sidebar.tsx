import { boot } from "../boot";
import { Sidebar } from "../sidebar/sidebar";

boot(<Sidebar />);
