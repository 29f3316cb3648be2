// Starts the page.

import { createApp } from 'vue';
import Lesson from './Lesson.vue';
import './lesson.css';

createApp(Lesson).mount('#lesson');
