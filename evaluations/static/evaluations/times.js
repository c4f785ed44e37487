// Shows moments in the reader's own zone; without this script they stand there in UTC.
"use strict";
const language = navigator.languages.find((one) => one.startsWith(document.documentElement.lang)) ?? "en-GB";
const shape = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" });
for (const moment of document.querySelectorAll("time[datetime*='T']")) {
  moment.title = moment.textContent;
  moment.textContent = shape.format(new Date(moment.dateTime));
}
