/** Hatches tell looks apart without colour: on paper, and for those who see few colours. */
export const patterns = `<defs>
<pattern id="hatch-pending" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="pending-paper"/><path class="pending-ink" d="M0 0V6"/></pattern>
<pattern id="hatch-terminating" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="5" height="5" class="terminating-paper"/><path class="terminating-ink" d="M0 0V5"/></pattern>
<pattern id="hatch-gap" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="gap-ink" d="M0 0V8"/></pattern>
</defs>`;
