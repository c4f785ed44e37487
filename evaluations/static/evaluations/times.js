// Shows moments in the reader's own zone, which is named beside them; without this script they stand there in UTC.
"use strict";
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang; // the day first
const shape = new Intl.DateTimeFormat(language, {
  day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  timeZoneName: "short",
});
for (const moment of document.querySelectorAll("time[datetime*='T']")) {
  moment.title = moment.textContent;
  moment.textContent = shape.format(new Date(moment.dateTime)).replace(" at ", ", ");
}
